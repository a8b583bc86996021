"""Every type of field: in the form and back, in the grid, in filters."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient

from server.application import create_application
from server.identity.administration.user import create_user
from server.screens.operators import OPERATORS
from tests.database import Database
from tests.publishing import app, entity, field, publish
from tests.screens.person import Person
from tests.screens.reading import form_values, heading, messages, problem_at, record_form, rows, titles
from tests.traders import PASSWORD_OF_PEOPLE, settings_of

SIZES = ["small, really", "large"]
EVERYTHING = app(
    "sampler",
    entity(
        "sample",
        field("name", required=True),
        field("code", unique=True, length=5),
        field("mail", format="email"),
        field("remark", multiline=True),
        field("pieces", "integer", min=0),
        field("stars", "bigint"),
        field("weight", "decimal", precision=12, scale=3),
        field("price", "money", currency="EUR"),
        field("ratio", "float"),
        field("discount", "percent"),
        field("active", "boolean", required=True, default="true"),
        field("maybe", "boolean"),
        field("made_on", "date"),
        field("opens_at", "time"),
        field("seen_at", "timestamp"),
        field("takes", "duration"),
        field("size", "choice", choices=SIZES),
        field("sizes", "multichoice", choices=SIZES),
        field("parent", "lookup", entity="sample"),
        field("keeper", "user"),
        field("serial", "autonumber", format="S-{0000}"),
        field("extra", "json"),
        field("story", "richtext"),
        field("place", "geopoint"),
        field("reference", "uuid"),
        field("double", "integer", formula="pieces * 2"),
        title="name",
        recycle=True,
    ),
)
TYPED: dict[str, Any] = {
    "name": "First & <last>",
    "code": "A1",
    "mail": "a@example.org",
    "remark": "one\r\ntwo",
    "pieces": "12",
    "stars": "9007199254740993",
    "weight": "0.125",
    "price": "19.90",
    "ratio": "0.1",
    "discount": "12.5",
    "active": "true",
    "maybe": "false",
    "made_on": "2026-03-01",
    "opens_at": "14:30",
    "seen_at": "2026-03-01T23:30",
    "takes": "1:30",
    "size": "small, really",
    "sizes": ["small, really", "large"],
    "extra": '{"a": 9007199254740993.10}',
    "reference": "0192f0c1-2f6e-7c11-8a51-7d5a5b1f2c3d",
    "place": "-33.8688, 151.2093",
    "story": "<p>Once <b>upon</b> a time</p>",
}
WRONG = [
    ("mail", "nobody"),
    ("code", "far too long"),
    ("pieces", "-1"),
    ("pieces", "1.5"),
    ("stars", "9223372036854775808"),
    ("weight", "1234567890"),
    ("price", "cheap"),
    ("made_on", "2026-02-30"),
    ("opens_at", "25:00"),
    ("seen_at", "yesterday"),
    ("takes", "long"),
    ("size", "medium"),
    ("parent", "somebody"),
    ("keeper", "0192f0c1-2f6e-7c11-8a51-7d5a5b1f2c3d"),
    ("extra", "{"),
    ("reference", "x"),
    ("place", "here"),
    ("place", "47.5"),
    ("place", "95, 10"),
]
SAMPLES = "/a/sampler/sample"


@pytest.fixture
async def person(database: Database) -> AsyncIterator[Person]:
    connection = await asyncpg.connect(database.administrator_url)
    await publish(connection, EVERYTHING)
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


async def test_what_was_typed_comes_back(person: Person) -> None:
    page = await person.save(await person.see(f"{SAMPLES}/new"), **TYPED)

    assert messages(page) == ["Sample created"]
    assert heading(page) == TYPED["name"]
    values = form_values(record_form(page))
    same = {name: text for name, text in TYPED.items() if values.get(name) == text}
    assert (
        TYPED.keys() - same.keys()
        == {"remark", "sizes", "opens_at", "takes", "extra", "weight"} - same.keys()
    )
    assert "9007199254740993.1" in str(values["extra"])
    assert "24" in page.one("input", id="field-double").attributes["value"]
    assert page.one("input", id="field-serial").attributes["value"].startswith("S-")


async def test_saving_what_came_back_changes_nothing(person: Person) -> None:
    page = await person.save(await person.see(f"{SAMPLES}/new"), **TYPED)

    again = await person.save(page, sizes=["", "small, really", "large"])

    assert messages(again) == ["Nothing was changed"]


async def test_everything_can_be_emptied(person: Person) -> None:
    page = await person.save(await person.see(f"{SAMPLES}/new"), **TYPED)

    page = await person.save(page, **{name: "" for name in TYPED if name not in ("name", "active")})

    assert messages(page) == ["Saved"]
    kept = {"csrf", "original", "version", "name", "active"}
    assert {name for name, value in form_values(record_form(page)).items() if value} == kept


async def test_what_cannot_be_is_said_at_its_field(person: Person) -> None:
    form = await person.see(f"{SAMPLES}/new")

    for name, text in WRONG:
        page = await person.save(form, **{**TYPED, name: text})

        assert person.status in (409, 422), name
        assert problem_at(page, name), name
        assert form_values(record_form(page))["name"] == TYPED["name"]


async def test_every_type_has_its_place_in_the_grid(person: Person) -> None:
    await person.save(await person.see(f"{SAMPLES}/new"), **TYPED)
    await person.save(await person.see(f"{SAMPLES}/new"), name="Empty")
    names = "&".join(f"columns={each['name']}" for each in EVERYTHING["entities"][0]["fields"])

    for each in EVERYTHING["entities"][0]["fields"]:
        for sign in ("", "-"):
            page = await person.see(f"{SAMPLES}?{names}&sort={sign}{each['name']}")
            assert person.status == 200, each["name"]
            assert sorted(titles(page)) == ["Empty", TYPED["name"]]

    cells = next(row for row in rows(page) if TYPED["name"] in row[1])
    assert "12.5 %" in cells
    assert "1 Mar 2026" in cells


async def test_every_operator_can_be_used(person: Person) -> None:
    await person.save(await person.see(f"{SAMPLES}/new"), **TYPED)
    member = await person.see(f"{SAMPLES}/lookup/keeper?q=")
    keys = {"parent": TYPED["reference"], "keeper": member.one("div", role="option").attributes["data-value"]}
    words = {"seen_at": "2026-03-01", "sizes": "large", "serial": "S", "size": "large"}

    for each in EVERYTHING["entities"][0]["fields"]:
        name, kind = each["name"], each["type"]
        value = str({**TYPED, **keys, **words, "double": "24"}.get(name, ""))
        for operator in OPERATORS.get(kind, ()):
            await person.see(f"{SAMPLES}?filter={name}.{operator.name}.{quote(value)}")
            assert person.status == 200, (name, operator.name)
            await person.see(f"{SAMPLES}?add={name}")
            assert person.status == 200, name


async def test_a_choice_with_a_comma_can_be_asked_for(person: Person) -> None:
    await person.save(await person.see(f"{SAMPLES}/new"), **TYPED)
    editor = await person.see(f"{SAMPLES}?add=size")
    address = editor.one("form", aria_label="Filter by Size").attributes["action"]

    response = await person.client.get(
        address, params={"add": "size", "operator": "any", "value": ["small, really"]}, follow_redirects=True
    )

    page = person.page(response)
    assert titles(page) == [TYPED["name"]]
    assert page.one("span", class_="chip").text == "Size is any of small, really"
