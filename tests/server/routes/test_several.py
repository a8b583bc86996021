"""A lookup to one of several entities in the record API."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.acting import Connection, member
from tests.database import Database
from tests.notes import notes
from tests.publishing import publish, tenant
from tests.server.routes.client import Client, running


@pytest.fixture
async def shop(database: Database, connection: Connection) -> AsyncIterator[Client]:
    await publish(connection, notes(required=True))
    tenant_id = await tenant(connection)
    user_id = await member(connection, tenant_id, "ann@example.org")
    async with running(database.server_url, tenant_id, user_id) as client:
        yield client


@pytest.fixture
async def firms(shop: Client) -> dict[str, str]:
    """The ids of a customer and a supplier, with a note on each."""
    ann = await shop.add("customer", code="ANN", name="Ann's")
    sue = await shop.add("supplier", code="SUE", name="Sue's")
    await shop.add("note", number=1, text="buys", subject_customer_id=ann["id"])
    await shop.add("note", number=2, text="sells", subject_supplier_id=sue["id"])
    return {"ann": ann["id"], "sue": sue["id"]}


async def test_each_target_has_its_column_and_is_filtered_by_it(shop: Client, firms: dict[str, str]) -> None:
    all_notes = await shop.get("note?order=number&select=number,subject_customer_id,subject_supplier_id")
    on_sue = await shop.get(f"note?select=number&subject_supplier_id=eq.{firms['sue']}")
    on_customers = await shop.get("note?select=number&subject_customer_id=not.is.null")

    assert all_notes == [
        {"number": 1, "subject_customer_id": firms["ann"], "subject_supplier_id": None},
        {"number": 2, "subject_customer_id": None, "subject_supplier_id": firms["sue"]},
    ]
    assert (on_sue, on_customers) == ([{"number": 2}], [{"number": 1}])


@pytest.mark.parametrize(
    "name", ["customer", "customer!subject", "subject_customer_id", "customer!subject_customer_id"]
)
async def test_a_target_is_embedded_by_its_entity_or_its_column(
    shop: Client, firms: dict[str, str], name: str
) -> None:
    found = await shop.get(f"note?select=number,firm:{name}(name)&order=number")

    assert found == [{"number": 1, "firm": {"name": "Ann's"}}, {"number": 2, "firm": None}]


async def test_the_notes_are_embedded_in_either_target(shop: Client, firms: dict[str, str]) -> None:
    assert await shop.get("customer?select=name,note(number)") == [{"name": "Ann's", "note": [{"number": 1}]}]
    assert await shop.get("supplier?select=name,note!subject(number)") == [
        {"name": "Sue's", "note": [{"number": 2}]}
    ]


async def test_none_and_both_are_refused_at_the_field(shop: Client, firms: dict[str, str]) -> None:
    none = await shop.ask("POST", "note", json={"number": 3})
    both = await shop.ask(
        "POST",
        "note",
        json={"number": 3, "subject_customer_id": firms["ann"], "subject_supplier_id": firms["sue"]},
    )

    for response in (none, both):
        assert response.status_code == 422
        assert response.json()["errors"] == [
            {"field": "subject", "rule": "target", "message": "Subject is required, and is one record"}
        ]


async def test_a_target_that_is_not_there_is_refused_at_its_column(shop: Client) -> None:
    nobody = "0192f0c1-2f6e-7c11-8a51-7d5a5b1f2c3d"

    response = await shop.ask("POST", "note", json={"number": 3, "subject_supplier_id": nobody})

    assert response.status_code == 409
    assert response.json()["errors"] == [
        {
            "field": "subject_supplier_id",
            "rule": "reference",
            "message": "Subject must be an existing record",
        }
    ]


async def test_moving_from_one_target_to_the_other_is_one_change(shop: Client, firms: dict[str, str]) -> None:
    await shop.ask(
        "PATCH",
        "note?number=eq.1",
        json={"subject_customer_id": None, "subject_supplier_id": firms["sue"]},
    )

    assert await shop.get("supplier?select=note(number)&note.order=number") == [
        {"note": [{"number": 1}, {"number": 2}]}
    ]


async def test_the_description_has_a_nullable_property_for_each_target(shop: Client) -> None:
    document: Any = (await shop.http.get("/api/shop")).json()

    new = next(
        schema for schema in document["components"]["schemas"].values() if schema.get("title") == "New Note"
    )

    assert new["properties"]["subject_supplier_id"]["title"] == "Subject (supplier)"
    assert new["properties"]["subject_supplier_id"]["type"] == ["string", "null"]
    assert new["required"] == ["number"]
