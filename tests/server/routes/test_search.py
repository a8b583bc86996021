"""Lists by words: `search`, full-text filters on the document, parts of words."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.acting import Connection, member
from tests.database import Database
from tests.publishing import app, entity, field, publish, tenant
from tests.server.routes.client import Client, running

EVERYTHING = {"read": "tenant", "create": True, "update": "tenant", "delete": "tenant"}
SHOP = app(
    "shop",
    entity("maker", field("name", searchable=True)),
    entity(
        "product",
        field("name", required=True, searchable=True),
        field("code", searchable=True),
        field("colour"),
        field("maker", "lookup", entity="maker"),
        recycle=True,
    ),
    entity("plain", field("name")),
    roles=[
        {
            "name": "clerk",
            "grants": [{"entity": each, **EVERYTHING} for each in ("product", "maker", "plain")],
        },
        {"name": "guest", "grants": [{"entity": "product", "read": "tenant", "fields": {"code": "none"}}]},
    ],
)
PRODUCTS = [
    ("Chai tea", "AB-12", "green"),
    ("Green tea", "AB-13", "brown"),
    ("Teapot", "CD-14", "green"),
    ("Chocolate biscuits", "EF-15", "brown"),
]


@pytest.fixture
async def shop(database: Database, connection: Connection) -> AsyncIterator[Client]:
    await publish(connection, SHOP)
    tenant_id = await tenant(connection)
    user_id = await member(connection, tenant_id, "ann@example.org")
    async with running(database.server_url, tenant_id, user_id) as client:
        for name, code, colour in PRODUCTS:
            await client.add("product", name=name, code=code, colour=colour)
        yield client


async def names(shop: Client, query: str) -> list[Any]:
    return [record["name"] for record in await shop.get(f"product?select=name&order=name&{query}")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=tea", ["Chai tea", "Green tea", "Teapot"]),
        ("search=tea+", ["Chai tea", "Green tea"]),
        ("search=green+te", ["Green tea"]),
        ("search=choco+bis", []),
        ("search=chocolates+bis", ["Chocolate biscuits"]),
        ("search=ab-1", ["Chai tea", "Green tea"]),
        ('search="chai+tea"', ["Chai tea"]),
        ("search=tea+-chai", ["Green tea"]),
        ("search=chai+or+biscuit", ["Chai tea", "Chocolate biscuits"]),
        ("search=%25", []),
        ("search='%5C", []),
        ("search=", ["Chai tea", "Chocolate biscuits", "Green tea", "Teapot"]),
        ("search=tea&colour=eq.green", ["Chai tea", "Teapot"]),
        ("search=tea&search=green", ["Green tea"]),
        ("search_document=fts.tea", ["Chai tea", "Green tea"]),
        ("search_document=fts(simple).chai:*", ["Chai tea"]),
        ("search_document=plfts.green+tea", ["Green tea"]),
        ("search_document=phfts.chai+tea", ["Chai tea"]),
        ("search_document=wfts.chai+or+biscuits", ["Chai tea", "Chocolate biscuits"]),
        ("search_document=not.wfts.tea", ["Chocolate biscuits", "Teapot"]),
        ("or=(search_document.wfts.biscuits,colour.eq.green)", ["Chai tea", "Chocolate biscuits", "Teapot"]),
        ("name=ilike.*TEA*", ["Chai tea", "Green tea", "Teapot"]),
        ("name=like.*tea", ["Chai tea", "Green tea"]),
        ("name=ilike.*hoco*isc*", ["Chocolate biscuits"]),
        ("name=ilike.*hoco*&code=like.EF*", ["Chocolate biscuits"]),
        ("code=like.*-1_", ["Chai tea", "Chocolate biscuits", "Green tea", "Teapot"]),
    ],
)
async def test_words_are_found(shop: Client, query: str, found: list[str]) -> None:
    assert await names(shop, query) == found


@pytest.mark.parametrize("count", ["exact", "planned", "estimated"])
async def test_what_is_found_is_counted_and_paged(shop: Client, count: str) -> None:
    answer = await shop.ask("GET", "product?search=tea&limit=1&offset=1&order=name", prefer=f"count={count}")

    assert [each["name"] for each in answer.json()] == ["Green tea"]
    if count == "exact":
        assert answer.headers["Content-Range"] == "1-1/3"


async def test_a_frequent_word_gives_the_same_answer(shop: Client) -> None:
    for number in range(30):
        await shop.add("product", name=f"Coffee {number:02}", code=f"K-{number}")

    found = await names(shop, "search=coffee&limit=3&offset=2")

    assert found == ["Coffee 02", "Coffee 03", "Coffee 04"]
    assert await names(shop, "search=coffee+07") == ["Coffee 07"]
    assert len(await names(shop, "name=ilike.*offee*")) == 30


async def test_the_recycle_bin_is_not_searched_unless_it_is_asked_about(shop: Client) -> None:
    await shop.ask("DELETE", "product?code=eq.CD-14")

    assert await names(shop, "search=teapot") == []
    assert await names(shop, "search=teapot&deleted_at=not.is.null") == ["Teapot"]


async def test_an_embedded_list_can_be_searched(shop: Client) -> None:
    maker = await shop.add("maker", name="Twinings")
    await shop.add("product", name="Earl Grey", maker_id=maker["id"])
    await shop.add("product", name="Lady Grey", maker_id=maker["id"])

    found = await shop.get("maker?select=name,product(name)&search=twin&product.search=earl")

    assert found == [{"name": "Twinings", "product": [{"name": "Earl Grey"}]}]


async def test_what_is_found_can_be_changed_and_deleted(shop: Client) -> None:
    changed = await shop.ask("PATCH", "product?search=biscuits", json={"colour": "black"})
    deleted = await shop.ask("DELETE", "product?search=chai")

    assert (changed.status_code, deleted.status_code) == (204, 204)
    assert await names(shop, "colour=eq.black") == ["Chocolate biscuits"]
    assert "Chai tea" not in await names(shop, "limit=10")


async def test_another_tenant_is_not_searched(shop: Client, connection: Connection) -> None:
    other = await tenant(connection, "other")
    shop.act_as("_owner", tenant_id=other)

    assert await names(shop, "search=tea") == []


async def test_who_may_not_read_all_that_is_searched_may_not_search(shop: Client) -> None:
    shop.act_as("guest")

    refused = await shop.ask("GET", "product?search=ab-12")

    assert refused.status_code == 403
    assert await names(shop, "name=ilike.*chai*") == ["Chai tea"]
    listed = await shop.get("product?limit=1")
    assert "search_document" not in listed[0]


async def test_what_cannot_be_searched_is_refused(shop: Client) -> None:
    without = await shop.ask("GET", "plain?search=tea")
    operator = await shop.ask("GET", "product?search_document=eq.tea")
    column = await shop.ask("GET", "product?select=search_document")
    order = await shop.ask("GET", "product?order=search_document")
    language = await shop.ask("GET", "product?search_document=wfts(klingon).tea")
    broken = await shop.ask("GET", "product?search_document=fts.tea+%26")

    answers = (without, operator, column, order, language, broken)
    assert [answer.status_code for answer in answers] == [400] * 6


async def test_openapi_says_who_may_search_what(shop: Client) -> None:
    described = (await shop.http.get("/api/shop")).json()["paths"]
    shop.act_as("guest")
    guest = (await shop.http.get("/api/shop")).json()["paths"]

    wanted = {"$ref": "#/components/parameters/search"}
    assert wanted in described["/product"]["get"]["parameters"]
    assert wanted not in described["/plain"]["get"]["parameters"]
    assert wanted not in guest["/product"]["get"]["parameters"]
