"""Hierarchies in the record API: what is refused, and filters by a branch."""

from collections.abc import AsyncIterator

import pytest

from tests.acting import Connection, member
from tests.database import Database
from tests.publishing import app, entity, field, publish, tenant
from tests.server.routes.client import Client, running

FIRM = app(
    "shop",
    entity(
        "employee",
        field("name", required=True),
        field("boss", "lookup", entity="employee"),
        hierarchy="boss",
        recycle=True,
    ),
    entity(
        "sale",
        field("number", "integer", required=True),
        field("employee", "lookup", entity="employee"),
        field("amount", "integer"),
    ),
    roles=[
        {
            "name": "blind",
            "grants": [
                {"entity": "employee", "read": "tenant", "fields": {"boss": "none"}},
                {"entity": "sale", "read": "tenant"},
            ],
        }
    ],
)


@pytest.fixture
async def shop(database: Database, connection: Connection) -> AsyncIterator[Client]:
    await publish(connection, FIRM)
    tenant_id = await tenant(connection)
    user_id = await member(connection, tenant_id, "ann@example.org")
    async with running(database.server_url, tenant_id, user_id) as client:
        yield client


@pytest.fixture
async def ids(shop: Client) -> dict[str, str]:
    """ann > bob > cy, ann > dan, and eve alone; each sold once, one sale is nobody's."""
    found: dict[str, str] = {}
    for name, boss in (("ann", None), ("bob", "ann"), ("cy", "bob"), ("dan", "ann"), ("eve", None)):
        made = await shop.add("employee", name=name, boss_id=found[boss] if boss else None)
        found[name] = made["id"]
    for number, name in enumerate(found, start=1):
        await shop.add("sale", number=number, employee_id=found[name], amount=10 * number)
    await shop.add("sale", number=6)
    return found


async def names(shop: Client, query: str) -> list[str]:
    return [each["name"] for each in await shop.get(f"employee?select=name&order=name&{query}")]


async def test_moving_below_oneself_is_refused_at_the_lookup(shop: Client, ids: dict[str, str]) -> None:
    response = await shop.ask("PATCH", f"employee/{ids['ann']}", json={"boss_id": ids["cy"]})

    assert response.status_code == 422
    assert response.json()["code"] == "23514"
    assert response.json()["errors"] == [
        {"field": "boss_id", "rule": "hierarchy", "message": "Employee cannot be below itself"}
    ]


async def test_under_is_a_record_and_all_below_it(shop: Client, ids: dict[str, str]) -> None:
    assert await names(shop, f"id=under.{ids['ann']}") == ["ann", "bob", "cy", "dan"]
    assert await names(shop, f"id=under.{ids['bob']}") == ["bob", "cy"]
    assert await names(shop, f"id=under.{ids['eve']}") == ["eve"]
    assert await names(shop, f"boss_id=under.{ids['ann']}") == ["bob", "cy", "dan"]
    assert await names(shop, f"id=not.under.{ids['ann']}") == ["eve"]
    assert await names(shop, f"or=(id.under.{ids['bob']},name.eq.eve)") == ["bob", "cy", "eve"]


async def test_under_narrows_what_refers_to_the_hierarchy(shop: Client, ids: dict[str, str]) -> None:
    branch = await shop.get(f"sale?select=number&order=number&employee_id=under.{ids['bob']}")
    others = await shop.get(f"sale?select=number&order=number&employee_id=not.under.{ids['ann']}")
    total = await shop.get(f"sale?select=amount.sum()&employee_id=under.{ids['ann']}")
    embedded = await shop.get(
        f"employee?select=name,sale(number)&name=eq.cy&sale.employee_id=under.{ids['bob']}"
    )

    assert [each["number"] for each in branch] == [2, 3]
    # Nobody's sale is neither below nor not below.
    assert [each["number"] for each in others] == [5]
    assert total == [{"sum": 100}]
    assert embedded == [{"name": "cy", "sale": [{"number": 3}]}]


async def test_a_move_moves_the_branch(shop: Client, ids: dict[str, str]) -> None:
    await shop.ask("PATCH", f"employee/{ids['bob']}", json={"boss_id": ids["eve"]})

    assert await names(shop, f"id=under.{ids['eve']}") == ["bob", "cy", "eve"]
    assert await names(shop, f"id=under.{ids['ann']}") == ["ann", "dan"]


async def test_what_is_in_the_bin_is_not_found(shop: Client, ids: dict[str, str]) -> None:
    await shop.ask("DELETE", "sale?number=eq.4")
    await shop.ask("DELETE", f"employee/{ids['dan']}")

    assert await names(shop, f"id=under.{ids['ann']}") == ["ann", "bob", "cy"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("employee?name=under.x", "leads to no hierarchy"),
        ("sale?id=under.0192f0c1-2f6e-7c11-8a51-7d5a5b1f2c3d", "leads to no hierarchy"),
        ("employee?id=under.x", "is not an id"),
        ("employee?created_by=under.0192f0c1-2f6e-7c11-8a51-7d5a5b1f2c3d", "leads to no hierarchy"),
    ],
)
async def test_under_needs_a_hierarchy_and_an_id(shop: Client, query: str, message: str) -> None:
    response = await shop.ask("GET", query)

    assert response.status_code == 400
    assert message in response.json()["message"]


async def test_who_cannot_read_the_lookup_cannot_ask_for_a_branch(shop: Client, ids: dict[str, str]) -> None:
    shop.act_as("blind")

    response = await shop.ask("GET", f"sale?employee_id=under.{ids['ann']}")

    assert response.status_code == 400
    assert "boss_id does not exist" in response.json()["message"]
