"""What a change breaks for those who know the old shape: told before, kept after, refused where it must."""

from copy import deepcopy
from typing import Any

import asyncpg
import pytest

from server import publication
from server.manifest import load, to_json
from tests.publishing import Connection, app, entity, field, publish, tenant
from tests.sql.shape import without_sql

SHOP = app(
    "shop",
    entity("customer", field("name", required=True), field("code"), keys=[{"fields": ["code"]}]),
    entity(
        "sales_order",
        field("customer", "lookup", entity="customer"),
        field("number", "integer", min=0),
        field("note", length=40),
        field("due", "date", max="2030-12-31"),
        field("freight", "decimal"),
        field("status", "choice", choices=["open", "shipped"]),
        label="Order",
        recycle=True,
        ownership="owned",
    ),
    roles=[
        {
            "name": "sales",
            "grants": [
                {"entity": "sales_order", "read": "tenant", "create": True, "delete": "own"},
                {"entity": "customer", "read": "tenant"},
            ],
        },
        {"name": "audit", "grants": [{"entity": "sales_order", "read": "tenant"}]},
    ],
)


@pytest.fixture
async def kept(connection: Connection) -> dict[str, Any]:
    """The published app with its ids, to be changed."""
    app_id = await publish(connection, SHOP)
    manifest: dict[str, Any] = without_sql(
        load((await connection.fetchval("select meta.manifest($1)::text", app_id)).encode()).data
    )
    return deepcopy(manifest)


async def draft(connection: Connection, manifest: dict[str, Any]) -> Any:
    return await publication.store(connection, load(to_json(manifest).encode()), await tenant(connection))


async def broken(connection: Connection, manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """(kind, sentence) of all that a manifest would break."""
    app_id = await draft(connection, manifest)
    rows = await connection.fetch("select b.* from publish.breaks($1) b", app_id)
    return sorted((row["kind"], row["sentence"]) for row in rows)


def order(manifest: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = manifest["entities"][1]
    return found


def fields(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in order(manifest)["fields"]}


async def test_what_is_only_added_or_loosened_breaks_nothing(
    connection: Connection, kept: dict[str, Any]
) -> None:
    found = fields(kept)
    found["number"].pop("min")
    found["note"] |= {"length": 60, "label": "Remark"}
    found["due"]["max"] = "2040-12-31"
    found["status"]["choices"].append("lost")
    order(kept)["fields"].append(field("extra", "integer", required=True, default="1"))
    kept["entities"].append(entity("basket", field("name")))
    kept["roles"][0]["grants"][0]["update"] = "tenant"

    assert await broken(connection, kept) == []


async def test_every_kind_of_break_is_told(connection: Connection, kept: dict[str, Any]) -> None:
    found = fields(kept)
    found["number"] |= {"min": 1, "required": True, "unique": True}
    found["note"] |= {"length": 30, "pattern": "^[A-Z]"}
    found["due"]["name"] = "due_on"
    found["freight"]["type"] = "integer"
    found["status"]["choices"] = ["open"]
    order(kept)["fields"].append(field("extra", "integer", required=True))
    order(kept)["fields"].pop(0)
    order(kept)["recycle"] = False
    order(kept)["rules"] = [{"name": "cheap", "check": "freight < 100"}]
    kept["entities"][0] |= {"name": "client", "keys": []}
    kept["roles"][0]["grants"][1]["entity"] = "client"
    kept["roles"][0]["grants"][0] |= {"read": "own", "create": False, "fields": {"note": "none"}}
    kept["roles"].pop()

    assert await broken(connection, kept) == [
        ("key", "Key of Customer (code) is removed: addresses and upserts by it fail"),
        ("narrower", "Field Order.note must match ^[A-Z]"),
        ("narrower", "Field Order.note takes at most 30 characters"),
        ("narrower", "Field Order.number must be at least 1"),
        ("narrower", 'Field Order.status no longer takes "shipped"'),
        ("narrower", "Rule Order.cheap is new: records that break it are refused"),
        ("removed", "Entity Order has no deleted_at any more: what is deleted is gone"),
        ("removed", "Field Order.customer is removed"),
        ("removed", "Role audit is removed: who has it loses its rights"),
        ("renamed", "Entity Customer is called client instead of customer"),
        ("renamed", "Field Order.due is called due_on"),
        ("required", "Field Order.extra is new, required and without a default: who lacks it is refused"),
        ("required", "Field Order.number is required and has no default: who leaves it out is refused"),
        ("rights", "Role sales may no longer create orders"),
        ("rights", "Role sales may no longer read all orders"),
        ("rights", "Role sales may no longer read note of orders"),
        ("type", "Field Order.freight is of type integer instead of decimal(18,2)"),
        ("unique", "Field Order.number is unique: a value that is there already is refused"),
    ]  # fmt: skip


async def test_what_a_version_broke_stays_with_it(connection: Connection, kept: dict[str, Any]) -> None:
    fields(kept)["note"]["length"] = 30
    app_id = await draft(connection, kept)

    await publication.publish(connection, app_id)

    rows = await connection.fetch(
        "select v.number, n.sentence from publish.notice n join publish.version v using (version_id)"
    )
    assert [tuple(row) for row in rows] == [(2, "Field Order.note takes at most 30 characters")]


VIEW = """
    create schema bi;
    create view bi.freight with (security_invoker = true) as
    select o.number, o.freight from shop.sales_order o where o.due is not null
"""
FUNCTION = """
    create schema bi;
    create function bi.freight() returns numeric stable language sql
    begin atomic select sum(o.freight) from shop.sales_order o; end
"""
SUMMARY = "create schema bi; create materialized view bi.freight as select sum(freight) from shop.sales_order"
REFERENCE = """
    create schema bi;
    create table bi.remark (
        tenant_id uuid, order_id uuid,
        constraint remark_fkey foreign key (tenant_id, order_id) references shop.sales_order (tenant_id, id)
    )
"""


@pytest.mark.parametrize("others", [VIEW, FUNCTION, SUMMARY], ids=["view", "function", "materialized view"])
@pytest.mark.parametrize("change", ["drop", "retype"])
async def test_a_column_under_somebodys_view_is_not_touched(
    connection: Connection, kept: dict[str, Any], others: str, change: str
) -> None:
    await connection.execute(others)
    if change == "drop":
        order(kept)["fields"] = [item for item in order(kept)["fields"] if item["name"] != "freight"]
    else:
        fields(kept)["freight"]["type"] = "integer"
    app_id = await draft(connection, kept)

    with pytest.raises(asyncpg.PostgresError) as refusal:
        await publication.publish(connection, app_id, allow_data_loss=True)
    told = [
        row for row in await connection.fetch("select * from publish.breaks($1)", app_id) if row["refused"]
    ]
    await connection.execute("drop schema bi cascade")
    await publication.publish(connection, app_id, allow_data_loss=True)

    assert refusal.value.sqlstate == "QP005"
    assert "bi.freight" in str(refusal.value)
    assert "drop" in (refusal.value.hint or "")
    assert [(row["path"], row["owner"]) for row in told] == [
        ("entities/sales_order/fields/freight", "postgres")
    ]
    assert "freight" in told[0]["definition"]


async def test_a_view_over_other_columns_is_in_nobodys_way(
    connection: Connection, kept: dict[str, Any]
) -> None:
    await connection.execute(VIEW)
    order(kept)["fields"] = [item for item in order(kept)["fields"] if item["name"] != "note"]
    fields(kept)["due"]["label"] = "Due on"

    await publication.publish(connection, await draft(connection, kept), allow_data_loss=True)

    assert await connection.fetch("select * from bi.freight") == []


async def test_an_entity_that_a_foreign_table_refers_to_is_not_dropped(
    connection: Connection, kept: dict[str, Any]
) -> None:
    await connection.execute(REFERENCE)
    kept["entities"].pop()
    kept["roles"] = kept["roles"][:1]
    kept["roles"][0]["grants"].pop(0)

    with pytest.raises(asyncpg.PostgresError, match=r"remark_fkey on bi\.remark"):
        await publication.publish(connection, await draft(connection, kept), allow_data_loss=True)
