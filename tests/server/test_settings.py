from pathlib import Path

import pytest

from server.settings import SettingsError, load

KEY = "0123456789abcdef0123456789abcdef"


def test_nothing_set_means_embedded_on_this_machine() -> None:
    settings = load({})

    assert settings.embedded
    assert settings.home == Path.cwd() / "var"
    assert (settings.host, settings.port, settings.postgres_port) == ("127.0.0.1", 8000, 54329)
    assert settings.public_url == "http://127.0.0.1:8000"


def test_a_server_that_knows_only_its_own_address_is_not_embedded() -> None:
    assert not load({"QRYVANTA_SERVER_DATABASE_URL": "postgresql://qryvanta_server@db/qryvanta"}).embedded


def test_an_empty_value_is_unset() -> None:
    assert load({"QRYVANTA_PORT": "", "QRYVANTA_DATABASE_URL": ""}) == load({})


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n")

    settings = load({"QRYVANTA_SECRET_KEY_FILE": str(tmp_path / "key")})

    assert settings.secret_key == KEY


def test_a_key_of_32_bytes_is_long_enough() -> None:
    assert load({"QRYVANTA_SECRET_KEY": "ü" * 16}).secret_key == "ü" * 16


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"QRYVANTA_PORT": "http"}, "QRYVANTA_PORT is 'http': a port is a number from 1 to 65535"),
        ({"QRYVANTA_PORT": "0"}, "QRYVANTA_PORT is '0'"),
        ({"QRYVANTA_POSTGRES_PORT": "70000"}, "QRYVANTA_POSTGRES_PORT is '70000'"),
        ({"QRYVANTA_SECRET_KEY": KEY[:31]}, "QRYVANTA_SECRET_KEY is shorter than 32 bytes"),
        ({"QRYVANTA_SECRET_KEY": "change-me-" * 4}, "QRYVANTA_SECRET_KEY is a placeholder"),
        (
            {"QRYVANTA_SECRET_KEY": KEY, "QRYVANTA_SECRET_KEY_FILE": "key"},
            "QRYVANTA_SECRET_KEY and QRYVANTA_SECRET_KEY_FILE are both set",
        ),
        (
            {"QRYVANTA_SECRET_KEY_FILE": "/nowhere"},
            "QRYVANTA_SECRET_KEY_FILE: cannot read /nowhere: No such file",
        ),
        ({"QRYVANTA_DATABASE_URL": "mysql://host/db"}, "QRYVANTA_DATABASE_URL must be an address"),
        ({"QRYVANTA_PUBLIC_URL": "example.com"}, "QRYVANTA_PUBLIC_URL must be an address"),
        ({"QRYVANTA_LOG": "xml"}, "QRYVANTA_LOG is 'xml': text or json"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(environment: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(environment)

    assert str(refusal.value).startswith(message)
    assert "\n" not in str(refusal.value)


def test_a_refused_address_does_not_show_its_password() -> None:
    with pytest.raises(SettingsError) as refusal:
        load({"QRYVANTA_DATABASE_URL": "postgresql://root:hunter2@host:port/db"})

    assert "hunter2" not in str(refusal.value)


def test_links_to_every_interface_go_to_this_machine() -> None:
    assert load({"QRYVANTA_HOST": "0.0.0.0", "QRYVANTA_PORT": "80"}).public_url == "http://localhost:80"


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(SettingsError, match="QRYVANTA_SECRET_KEY is not set"):
        load({}).required("secret_key")


def test_the_page_of_components_is_off_unless_it_is_asked_for() -> None:
    assert not load({}).development
    assert load({"QRYVANTA_DEVELOPMENT": "1"}).development
    with pytest.raises(SettingsError, match="QRYVANTA_DEVELOPMENT is 'yes'"):
        load({"QRYVANTA_DEVELOPMENT": "yes"})
