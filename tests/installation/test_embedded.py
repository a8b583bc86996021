"""The embedded PostgreSQL in a home of its own: start, stop, crash, intruders."""

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from server.installation import embedded
from server.installation.cluster import ClusterError, free_port
from server.settings import Settings, load


@pytest.fixture
def settings() -> Iterator[Settings]:
    """Settings of an embedded installation in an empty home."""
    home = Path(tempfile.mkdtemp(prefix="qryvanta-home-"))
    home.chmod(0o711)  # the account that runs PostgreSQL passes through
    settings = load({"QRYVANTA_HOME": str(home / "var"), "QRYVANTA_POSTGRES_PORT": str(free_port())})
    yield settings
    if settings.home.exists():
        embedded.cluster(settings).stop("immediate")
    shutil.rmtree(home)


async def answer(settings: Settings) -> int:
    connection = await asyncpg.connect(
        embedded.derive(settings).required("database_url"), database="postgres"
    )
    try:
        return int(await connection.fetchval("select 42"))
    finally:
        await connection.close()


async def test_the_data_outlives_the_process(settings: Settings) -> None:
    with embedded.running(settings):
        assert await answer(settings) == 42
    assert not embedded.cluster(settings).running()

    with embedded.running(settings):
        assert await answer(settings) == 42


async def test_the_last_to_leave_stops_it(settings: Settings) -> None:
    with embedded.running(settings):
        with embedded.running(settings) as second:
            pass

        assert second.running()
        assert await answer(settings) == 42

    assert not second.running()


async def test_who_owns_the_stop_stops_it_though_others_use_it(settings: Settings) -> None:
    with embedded.running(settings, stops=True):
        guest = embedded.running(settings)
        cluster = guest.__enter__()

    assert not cluster.running()
    guest.__exit__(None, None, None)


async def test_it_starts_after_a_kill(settings: Settings) -> None:
    with embedded.running(settings) as cluster:
        postmaster = int((cluster.directory / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGKILL)
        wait_for_death(postmaster)

    with embedded.running(settings):
        assert await answer(settings) == 42


async def test_it_starts_though_another_program_has_the_old_number(settings: Settings) -> None:
    with embedded.running(settings) as cluster:
        pass
    # As after a reboot: the file is still there, the number is that of somebody else.
    (cluster.directory / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.directory}\n0\n0\n\n\n\n")

    with embedded.running(settings):
        assert await answer(settings) == 42


async def test_a_port_in_use_is_one_line_that_names_the_setting(settings: Settings) -> None:
    with socket.socket() as intruder:
        intruder.bind(("127.0.0.1", settings.postgres_port))
        intruder.listen()

        with pytest.raises(ClusterError) as refusal, embedded.running(settings):
            pass

    assert str(settings.postgres_port) in str(refusal.value)
    assert "QRYVANTA_POSTGRES_PORT" in str(refusal.value)


async def test_nobody_enters_without_a_password(settings: Settings) -> None:
    with embedded.running(settings), pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(
            host="127.0.0.1", port=settings.postgres_port, user="postgres", password="", database="postgres"
        )


async def test_secrets_are_for_their_owner_alone(settings: Settings) -> None:
    with embedded.running(settings):
        embedded.derive(settings)

    files = list((settings.home / "secrets").iterdir())
    assert {file.name for file in files} >= {"postgres.password", "secret_key"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (settings.home / "secrets").stat().st_mode & 0o777 == 0o700


async def test_secrets_stay_the_same(settings: Settings) -> None:
    with embedded.running(settings):
        first = embedded.derive(settings)
        second = embedded.derive(settings)

    assert first == second
    assert len(first.required("secret_key")) >= 32


async def test_a_given_key_is_kept(settings: Settings) -> None:
    given = replace(settings, secret_key="g" * 40)

    with embedded.running(settings):
        assert embedded.derive(given).secret_key == "g" * 40


def wait_for_death(process: int) -> None:
    """PostgreSQL is no child of ours: look until it and its shared memory are gone."""
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        signal.sigtimedwait([], 0.05)


async def test_a_pid_file_with_the_number_of_another_cluster_stops_only_its_own(settings: Settings) -> None:
    other = replace(settings, home=settings.home.parent / "other", postgres_port=free_port())
    with embedded.running(other) as innocent:
        with embedded.running(settings):
            pass
        stale = embedded.cluster(settings).directory / "postmaster.pid"
        stale.write_text((innocent.directory / "postmaster.pid").read_text())

        embedded.cluster(settings).stop()

        assert innocent.running()


async def test_a_running_database_on_another_port_is_named(settings: Settings) -> None:
    with (
        embedded.running(settings),
        pytest.raises(ClusterError, match=f"set QRYVANTA_POSTGRES_PORT to {settings.postgres_port}"),
        embedded.running(replace(settings, postgres_port=free_port())),
    ):
        pass
