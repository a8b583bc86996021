"""A lookup to one of several entities on the screens: one control for kind and record."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient

from server.application import create_application
from server.identity.administration.user import create_user
from tests.database import Database
from tests.notes import notes
from tests.publishing import publish
from tests.screens.person import Person
from tests.screens.reading import (
    Node,
    form_values,
    heading,
    history,
    link,
    messages,
    problem_at,
    record_form,
    rows,
    titles,
)
from tests.traders import PASSWORD_OF_PEOPLE, settings_of

NOTES = "/a/shop/note"


@pytest.fixture
async def person(database: Database) -> AsyncIterator[Person]:
    connection = await asyncpg.connect(database.administrator_url)
    await publish(connection, notes(required=True))
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


@pytest.fixture
async def firms(person: Person) -> dict[str, str]:
    """What the control sends for a customer and a supplier."""
    await person.save(await person.see("/a/shop/customer/new"), code="ANN", name="Ann's")
    await person.save(await person.see("/a/shop/supplier/new"), code="SUE", name="Sue's")
    return offered(await person.see(f"{NOTES}/new"))


def offered(page: Node) -> dict[str, str]:
    control = page.one("select", id="field-subject")
    return {each.text: each.attributes["value"] for each in control.all("option") if each.text}


async def test_one_control_offers_the_records_of_every_kind(person: Person, firms: dict[str, str]) -> None:
    found = await person.see("/a/shop/note/lookup/subject?q=sue")

    assert list(firms) == ["Ann's · Customer", "Sue's · Supplier"]
    assert [each.text for each in found.all("span")][-1] == "Sue's · Supplier"


async def test_what_was_chosen_comes_back_and_can_become_another_kind(
    person: Person, firms: dict[str, str]
) -> None:
    page = await person.save(
        await person.see(f"{NOTES}/new"), number="1", text="Hello", subject=firms["Ann's · Customer"]
    )
    assert messages(page) == ["Note created"]
    assert form_values(record_form(page))["subject"] == firms["Ann's · Customer"]

    page = await person.save(page, subject=firms["Sue's · Supplier"])

    assert messages(page) == ["Saved"]
    assert form_values(record_form(page))["subject"] == firms["Sue's · Supplier"]
    assert any("Subject (supplier)" in each and "Sue's" in each for each in history(page))


async def test_nothing_and_nonsense_are_refused_at_the_control(person: Person, firms: dict[str, str]) -> None:
    page = await person.save(await person.see(f"{NOTES}/new"), number="1")
    assert problem_at(page, "subject") == "Subject is required, and is one record"

    for text in ("supplier:", "note:0192f0c1-2f6e-7c11-8a51-7d5a5b1f2c3d", "x"):
        page = await person.save(await person.see(f"{NOTES}/new"), number="1", subject=text)
        assert problem_at(page, "subject") == "Choose one from the list"

    # A customer's id is no supplier's.
    strange = "supplier:" + firms["Ann's · Customer"].partition(":")[2]
    page = await person.save(await person.see(f"{NOTES}/new"), number="1", subject=strange)
    assert problem_at(page, "subject") == "Subject must be an existing record"


async def test_the_grid_shows_sorts_finds_and_filters_by_the_titles(
    person: Person, firms: dict[str, str]
) -> None:
    for number, subject in enumerate(reversed(firms.values()), start=1):
        await person.save(
            await person.see(f"{NOTES}/new"), number=str(number), text=f"No. {number}", subject=subject
        )

    grid = await person.see(f"{NOTES}?sort=subject")
    sue = quote(firms["Sue's · Supplier"])

    assert titles(grid) == ["No. 2", "No. 1"]
    assert ["Ann's" in " ".join(row) for row in rows(grid)] == [True, False]
    assert link(grid, "Ann's").startswith("/a/shop/customer/")
    assert titles(await person.see(f"{NOTES}?q=sue")) == ["No. 1"]
    assert titles(await person.see(f"{NOTES}?filter=subject.is.{sue}")) == ["No. 1"]
    assert titles(await person.see(f"{NOTES}?filter=subject.not.{sue}")) == ["No. 2"]
    assert titles(await person.see(f"{NOTES}?filter=subject.empty")) == []


async def test_a_target_shows_its_notes_and_starts_a_new_one(person: Person, firms: dict[str, str]) -> None:
    kind, _, key = firms["Sue's · Supplier"].partition(":")
    await person.save(
        await person.see(f"{NOTES}/new"), number="1", text="Hello", subject=firms["Sue's · Supplier"]
    )

    page = await person.see(f"/a/shop/{kind}/{key}")
    form = await person.see(link(page, "New note"))

    assert heading(page) == "Sue's"
    assert "Hello" in page.text
    assert form_values(record_form(form))["subject"] == firms["Sue's · Supplier"]
    assert titles(await person.see(link(page, "Show all"))) == ["Hello"]
