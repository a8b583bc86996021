"""Rich text through the record API."""

from collections.abc import AsyncIterator

import pytest

from tests.acting import Connection, member
from tests.database import Database
from tests.publishing import app, entity, field, publish, tenant
from tests.server.routes.client import Client, running

PAGES = app(
    "shop",
    entity(
        "page", field("name"), field("body", "richtext"), field("size", "decimal"), field("extra", "json")
    ),
)


@pytest.fixture
async def pages(database: Database, connection: Connection) -> AsyncIterator[Client]:
    await publish(connection, PAGES)
    tenant_id = await tenant(connection)
    async with running(
        database.server_url, tenant_id, await member(connection, tenant_id, "a@example.org")
    ) as it:
        yield it


async def test_html_is_sanitised_on_its_way_in(pages: Client) -> None:
    made = await pages.add("page", name="a", body="<p onclick=x()>Hello<script>x()</script></p>")

    assert made["body"] == "<p>Hello</p>"


async def test_every_form_of_write_is_sanitised(pages: Client) -> None:
    bad, good = "<b onclick=x>x</b>", "<b>x</b>"
    first = await pages.add("page", name="a")
    await pages.ask("PATCH", f"page/{first['id']}", json={"body": bad})
    await pages.ask("POST", "page", json=[{"name": "b", "body": bad}, {"name": "c", "body": bad}])
    await pages.ask("POST", "page", content=f"name,body\nd,{bad}\n", headers={"Content-Type": "text/csv"})
    await pages.ask(
        "POST", "page", json={"id": first["id"], "body": bad + "!"}, prefer="resolution=merge-duplicates"
    )

    found = await pages.get("page?select=name,body&order=name")

    assert [each["body"] for each in found] == [f"{good}!", good, good, good]


async def test_nothing_else_in_the_body_is_touched(pages: Client) -> None:
    sent = (
        '{ "na\\u006de": "<b onclick=x>", "size": 9007199254740993.10, "b\\u006fdy" : {"a": "<i id=x>1"},'
        ' "extra": {"body": "<script>", "n": 1.50} }'
    )

    response = await pages.ask(
        "POST",
        "page",
        content=sent,
        headers={"Content-Type": "application/json"},
        prefer="return=representation",
    )

    assert response.status_code == 201, response.text
    assert '"size":9007199254740993.10' in response.text.replace(" ", "")
    made = response.json()[0]
    assert made["name"] == "<b onclick=x>"
    assert made["body"] == '{"a": "<i>1"}</i>'
    assert made["extra"] == {"body": "<script>", "n": 1.5}


async def test_half_a_character_is_refused_in_words(pages: Client) -> None:
    response = await pages.ask(
        "POST", "page", content=b'{"body": "\\ud800<b>"}', headers={"Content-Type": "application/json"}
    )

    assert response.status_code == 400, response.text


async def test_the_description_says_that_it_is_html(pages: Client) -> None:
    description = (await pages.http.get("/api/shop")).json()

    assert (
        description["components"]["schemas"]["page"]["properties"]["body"]["contentMediaType"] == "text/html"
    )
