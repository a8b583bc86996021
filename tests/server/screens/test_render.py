import pytest
from jinja2 import UndefinedError

from server.screens.render import attributes, environment
from server.screens.showcase import sample_field


def test_attributes_are_escaped_and_true_is_the_bare_name() -> None:
    written = attributes({"title": '"><b>', "disabled": True, "hidden": False, "id": None, "data-count": 0})

    assert written == ' title="&#34;&gt;&lt;b&gt;" disabled data-count="0"'


@pytest.mark.parametrize("name", ["onclick", "style", "a b", "x>", "OnClick", ""])
def test_an_attribute_that_the_policy_refuses_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="no attribute"):
        attributes({name: "x"})


def test_an_icon_that_the_sprite_lacks_shows_as_a_table() -> None:
    page = environment().from_string("{{ ui.icon('no-such-icon') }}").render()

    assert "#table-2" in page


def test_an_unknown_name_in_a_template_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nothing }}").render()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_a_stored_url_that_is_none_is_no_link(address: str) -> None:
    field = sample_field(name="web", type="text", label="Web", format="url")
    page = environment().from_string("{{ ui.value_of(field, value) }}").render(field=field, value=address)

    assert f'href="{address}"' not in page
