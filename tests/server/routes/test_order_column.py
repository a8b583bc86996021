"""Lists by an indexed number: the same answers as without the index."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.acting import Connection, member
from tests.database import Database
from tests.publishing import app, entity, field, publish, tenant
from tests.server.routes.client import Client, running

# The nearest doubles of the two in the middle are the same.
AMOUNTS = ["-5.00", "0.10", "9007199254740993.01", "9007199254740993.02", None]


@pytest.fixture
async def bank(database: Database, connection: Connection) -> AsyncIterator[Client]:
    fields = (
        field("name"),
        field("amount", "decimal", precision=20, indexed=True),
    )
    await publish(connection, app("shop", entity("deposit", *fields, title="name")))
    tenant_id = await tenant(connection)
    user_id = await member(connection, tenant_id, "ann@example.org")
    async with running(database.server_url, tenant_id, user_id) as client:
        for number, amount in enumerate(AMOUNTS):
            await client.add("deposit", name=f"n{number}", amount=amount)
        yield client


async def found(bank: Client, query: str) -> list[Any]:
    return [record["name"] for record in await bank.get(f"deposit?select=name&{query}")]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("eq.9007199254740993.01", "n2"),
        ("gt.9007199254740993.01", "n3"),
        ("gte.9007199254740993.01", "n2 n3"),
        ("lt.9007199254740993.02", "n0 n1 n2"),
        ("lte.9007199254740993.005", "n0 n1"),
        ("gt.0.0999999999999999999999", "n1 n2 n3"),
        ("lt.1e400", "n0 n1 n2 n3"),
        ("gt.1e-400", "n1 n2 n3"),
        ("gt.-Infinity", "n0 n1 n2 n3"),
        ("not.gt.0.10", "n0 n1"),
        ("neq.0.1", "n0 n2 n3"),
        ("in.(0.1,-5)", "n0 n1"),
        ("eq(any).{0.1,-5}", "n0 n1"),
        ("gt(all).{0.1,-5}", "n2 n3"),
        ("gt(any).{0.1,-5}", "n1 n2 n3"),
        ("is.null", "n4"),
    ],
)
async def test_a_filter_is_as_exact_as_the_number(bank: Client, condition: str, names: str) -> None:
    assert await found(bank, f"amount={condition}&order=name") == names.split()


async def test_the_order_is_that_of_the_number(bank: Client) -> None:
    assert await found(bank, "order=amount.desc.nullslast") == ["n3", "n2", "n1", "n0", "n4"]
    assert await found(bank, "order=amount") == ["n0", "n1", "n2", "n3", "n4"]
    assert await found(bank, "or=(amount.lt.0,amount.gt.5)&order=name") == ["n0", "n2", "n3"]


async def test_groups_can_be_ordered_by_the_number(bank: Client) -> None:
    groups = await bank.get("deposit?select=amount,count()&order=amount.desc&amount=lt.1")

    assert [(each["amount"], each["count"]) for each in groups] == [(0.1, 1), (-5, 1)]


async def test_the_column_beside_the_number_is_nowhere(bank: Client) -> None:
    listed = await bank.get("deposit?limit=1")
    asked = await bank.ask("GET", "deposit?select=amount_order")
    written = await bank.ask("POST", "deposit", json={"name": "x", "amount_order": 1})

    assert "amount_order" not in listed[0]
    assert asked.status_code == 400
    assert asked.json()["code"] == "42703"
    assert written.status_code == 400


async def test_what_is_no_number_is_refused_with_the_field(bank: Client) -> None:
    response = await bank.ask("GET", "deposit?amount=gt.much")

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "amount"
