"""Indexed numbers: found by an index behind row security, never part of a record."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.manifest import ManifestError
from tests.acting import acting
from tests.publishing import Connection, app, entity, field, publish, tenant

MARKET = app(
    "market",
    entity(
        "offer",
        field("name"),
        field("price", "money", indexed=True),
        field("share", "percent", unique=True),
        field("gross", "decimal", precision=19, scale=4, formula="price * 1.2", indexed=True),
        field("region"),
        field("weight", "decimal", precision=30, scale=10),
        field("secret", "decimal", sensitive=True, indexed=True),
        indexes=[{"fields": ["region", "weight"]}],
    ),
)
OWNER = "market__owner"


async def offers(connection: Connection, count: int) -> UUID:
    await publish(connection, MARKET)
    tenant_id = await tenant(connection)
    async with acting(connection, OWNER, tenant_id):
        await connection.execute(
            "insert into market.offer (name, price, weight, region) "
            "select 'Offer ' || n, n, n * 1.5, 'r' || n % 10 from generate_series(1, $1::integer) n",
            count,
        )
    await connection.execute("analyze market.offer")
    return tenant_id


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(each for inner in plan.get("Plans", []) for each in nodes(inner))]


async def test_a_range_of_an_indexed_amount_reads_the_index_although_rows_are_guarded(
    connection: Connection,
) -> None:
    tenant_id = await offers(connection, 5000)

    async with acting(connection, OWNER, tenant_id):
        explained = await connection.fetchval(
            "explain (format json) select name from market.offer where tenant_id = $1"
            " and price_order >= 4990 and price > 4990",
            tenant_id,
        )

    conditions = [node.get("Index Cond", "") for node in nodes(json.loads(explained)[0]["Plan"])]
    assert any("price_order >=" in condition for condition in conditions)


async def test_every_number_of_an_index_or_key_has_its_double(connection: Connection) -> None:
    tenant_id = await offers(connection, 10)

    async with acting(connection, OWNER, tenant_id):
        row = await connection.fetchrow(
            "select price_order, gross_order, weight_order, share_order from market.offer"
            " where name = 'Offer 3'"
        )
    indexes = await connection.fetch(
        "select indexdef from pg_indexes where schemaname = 'market' and indexdef like '%\\_order)%'"
    )

    assert row
    assert dict(row) == {
        "price_order": 3.0,
        "gross_order": 3.6,
        "weight_order": 4.5,
        "share_order": None,
    }
    assert sorted(index["indexdef"].rpartition("(")[2] for index in indexes) == [
        "tenant_id, gross_order)",
        "tenant_id, price_order)",
        "tenant_id, region, weight_order)",
        "tenant_id, secret_order)",
        "tenant_id, share_order)",
    ]


async def test_who_may_not_read_the_number_may_not_read_its_double(connection: Connection) -> None:
    await publish(connection, MARKET)

    granted = await connection.fetch(
        "select grantee, column_name from information_schema.column_privileges"
        " where table_schema = 'market' and column_name in ('price_order', 'secret_order')"
        " and grantee ~ '^(bi_)?market_user$'"
    )

    assert sorted(map(tuple, granted)) == [
        ("bi_market_user", "price_order"),
        ("market_user", "price_order"),
    ]


async def test_an_analyst_may_still_ask_for_every_column(connection: Connection) -> None:
    plain = app("market", entity("offer", field("price", "money", indexed=True)))
    await publish(connection, plain)

    async with acting(connection, "bi_market_viewer", await tenant(connection)):
        assert await connection.fetch("select * from market.offer") == []


async def test_the_change_log_does_not_repeat_a_number(connection: Connection) -> None:
    await offers(connection, 1)

    logged = await connection.fetchval("select new_values::text from audit.change")

    assert "price" in logged
    assert "price_order" not in logged


async def test_a_field_cannot_have_the_name_of_the_column_beside_another(connection: Connection) -> None:
    clash = app("market", entity("offer", field("price", "money", indexed=True), field("price_order")))

    with pytest.raises((ManifestError, asyncpg.PostgresError), match="price_order"):
        await publish(connection, clash)


async def test_the_index_comes_and_goes_with_the_wish(connection: Connection) -> None:
    def market(**wish: Any) -> dict[str, Any]:
        return app("market", entity("offer", field("price", "decimal", **wish)))

    async def columns() -> list[str]:
        rows = await connection.fetch(
            "select attname from pg_attribute where attrelid = 'market.offer'::regclass"
            " and attnum > 0 and not attisdropped and attname like '%price%'"
        )
        return [row["attname"] for row in rows]

    await publish(connection, market())
    tenant_id = await tenant(connection)
    async with acting(connection, OWNER, tenant_id):
        await connection.execute("insert into market.offer (price) values (12.5)")
    await publish(connection, market(indexed=True))
    async with acting(connection, OWNER, tenant_id):
        assert await connection.fetchval("select price_order from market.offer") == 12.5
    await publish(connection, market(), allow_data_loss=False)

    assert await columns() == ["price"]


async def test_an_indexed_number_may_change_its_precision(connection: Connection) -> None:
    def market(precision: int) -> dict[str, Any]:
        return app("market", entity("offer", field("price", "decimal", precision=precision, indexed=True)))

    await publish(connection, market(8))
    tenant_id = await tenant(connection)
    async with acting(connection, OWNER, tenant_id):
        await connection.execute("insert into market.offer (price) values (12.5)")
    await publish(connection, market(20))

    async with acting(connection, OWNER, tenant_id):
        await connection.execute("update market.offer set price = 123456789012345678.91")
        assert await connection.fetchval("select price_order from market.offer") == float(
            Decimal("123456789012345678.91")
        )


async def test_a_number_too_great_for_a_double_cannot_be_indexed(connection: Connection) -> None:
    great = app("market", entity("offer", field("price", "decimal", precision=500, indexed=True)))

    with pytest.raises((ManifestError, asyncpg.PostgresError), match="precision"):
        await publish(connection, great)


async def test_an_indexed_number_may_have_another_name(connection: Connection) -> None:
    def market(name: str) -> dict[str, Any]:
        price = field(name, "decimal", indexed=True, id="6d3b1f0e-6a55-4c3b-9b0a-2c9c9a0d5f11")
        return app("market", entity("offer", price))

    await publish(connection, market("price"))
    tenant_id = await tenant(connection)
    async with acting(connection, OWNER, tenant_id):
        await connection.execute("insert into market.offer (price) values (12.5)")
    await publish(connection, market("cost"))

    async with acting(connection, OWNER, tenant_id):
        row = await connection.fetchrow("select cost, cost_order from market.offer")
    assert row
    assert tuple(row) == (Decimal("12.5"), 12.5)
