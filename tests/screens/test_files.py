"""Files on screens: chosen in the form, seen in the record, the grid and the history."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient

from server.application import create_application
from server.identity.administration.user import create_user
from tests.database import Database
from tests.publishing import app, entity, field, publish
from tests.screens.person import Person
from tests.screens.reading import Node, form_values, heading, messages, problem_at, record_form, rows
from tests.traders import PASSWORD_OF_PEOPLE, settings_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(500)
PAPERS = "/a/archive/paper"
ARCHIVE = app(
    "archive",
    entity(
        "paper",
        field("name", required=True),
        field("scan", "image", required=True, max_size="1kB"),
        field("manual", "file"),
        title="name",
    ),
)


@pytest.fixture
async def person(database: Database) -> AsyncIterator[Person]:
    connection = await asyncpg.connect(database.administrator_url)
    await publish(connection, ARCHIVE)
    await create_user(
        connection, "mara@example.org", tenant="demo", password=PASSWORD_OF_PEOPLE, roles=("owner",)
    )
    await connection.close()
    application = create_application(settings_of(database))
    async with (
        application.router.lifespan_context(application),
        AsyncClient(transport=ASGITransport(application), base_url="http://127.0.0.1:8000") as client,
    ):
        person = Person(client)
        await person.sign_in("mara@example.org", PASSWORD_OF_PEOPLE)
        yield person


async def save(person: Person, page: Node, files: dict[str, tuple[str, bytes]], **changes: Any) -> Node:
    """Send the form as a browser does that was given files."""
    form = record_form(page)
    assert form.attributes["enctype"] == "multipart/form-data"
    values = {**form_values(form), **changes}
    values = {name: value for name, value in values.items() if not name.endswith(".file")}
    sent = {
        f"{name}.file": (title, data, "application/octet-stream") for name, (title, data) in files.items()
    }
    response = await person.client.post(
        form.attributes["action"], data=values, files=sent, follow_redirects=True
    )
    return person.page(response)


async def test_a_new_record_takes_the_files_that_were_chosen(person: Person) -> None:
    form = await person.see(f"{PAPERS}/new")

    page = await save(
        person, form, {"scan": ("scan.png", PNG), "manual": ("how to.txt", b"read me")}, name="A"
    )

    assert messages(page) == ["Paper created"]
    assert heading(page) == "A"
    link = next(node for node in page.all("a") if node.text == "how to.txt (7 bytes)")
    assert (await person.client.get(link.attributes["href"])).content == b"read me"
    image = page.one("img", class_="file__image")
    assert (await person.client.get(image.attributes["src"])).content == PNG


async def test_the_grid_and_the_history_call_a_file_by_its_name(person: Person) -> None:
    page = await save(person, await person.see(f"{PAPERS}/new"), {"scan": ("a.png", PNG)}, name="A")

    page = await save(person, page, {"scan": ("b.png", PNG + b"2")})

    assert messages(page) == ["Saved"]
    history = page.one("aside", aria_labelledby="history").text
    assert "a.png (508 bytes)" in history
    assert "b.png (509 bytes)" in history
    grid = await person.see(f"{PAPERS}?columns=scan")
    assert "b.png (509 bytes)" in rows(grid)[0]


async def test_saving_without_choosing_keeps_the_file_and_remove_takes_it_away(person: Person) -> None:
    files = {"scan": ("a.png", PNG), "manual": ("m.txt", b"x")}
    page = await save(person, await person.see(f"{PAPERS}/new"), files, name="A")

    unchanged = await save(person, page, {})
    removed = await save(person, page, {}, **{"manual.remove": "true"})

    assert messages(unchanged) == ["Nothing was changed"]
    assert messages(removed) == ["Saved"]
    assert not any("m.txt" in node.text for node in record_form(removed).all("a"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"GIF no image", "Scan must be one of image/*"),
        (PNG * 3, "Scan may have at most 1 kB"),
    ],
)
async def test_a_file_that_is_refused_is_said_at_its_field(person: Person, data: bytes, message: str) -> None:
    page = await save(person, await person.see(f"{PAPERS}/new"), {"scan": ("a.png", data)}, name="A")

    assert person.status == 422
    assert message in problem_at(page, "scan")
    assert form_values(record_form(page))["name"] == "A"


async def test_a_file_need_not_be_chosen_again_when_something_else_was_wrong(person: Person) -> None:
    refused = await save(person, await person.see(f"{PAPERS}/new"), {"scan": ("a.png", PNG)}, name="")

    page = await save(person, refused, {}, name="A")

    assert problem_at(refused, "name")
    assert messages(page) == ["Paper created"]
    assert page.one("img", class_="file__image")


async def test_a_form_with_files_needs_its_token_too(person: Person) -> None:
    form = record_form(await person.see(f"{PAPERS}/new"))
    values = {**form_values(form), "name": "A", "csrf": "forged"}

    response = await person.client.post(
        form.attributes["action"], data=values, files={"scan.file": ("a.png", PNG, "image/png")}
    )

    assert response.status_code == 403


async def test_more_than_all_fields_allow_is_refused_unread(person: Person) -> None:
    form = record_form(await person.see(f"{PAPERS}/new"))
    token = str(form_values(form)["csrf"])

    response = await person.client.post(
        form.attributes["action"],
        content=b"",
        headers={
            "Content-Type": "multipart/form-data; boundary=x",
            "Content-Length": "9999999999",
            "X-CSRF-Token": token,
        },
    )

    assert response.status_code == 413
