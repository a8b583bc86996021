"""Rollups over records that are there already: added, changed, rebuilt, refused, and under many writers."""

import asyncio
from random import Random
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import pytest

from server.manifest import ManifestError
from tests.acting import acting
from tests.database import Database
from tests.publishing import app, entity, field, publish, tenant
from tests.sql.ledger import customer, ledger, open_ledger, order, rollup, wrong

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

WRITERS, TURNS = 8, 15
TOTALS = (
    "select string_agg(number || ' ' || coalesce(total::text, '-'), ', ' order by number) "
    "from ledger.sales_order"
)


def sums(*of_order: dict[str, Any], **line: Any) -> dict[str, Any]:
    return app(
        "ledger",
        entity("sales_order", field("number", "integer"), *of_order),
        entity(
            "line",
            field("sales_order", "lookup", entity="sales_order", on_delete="cascade"),
            field("amount", "integer"),
            field("status"),
            **line,
        ),
    )


async def filled(connection: Connection) -> None:
    """Two tenants with an order of three lines and one of none."""
    await publish(connection, sums())
    for name in ("demo", "other"):
        async with acting(connection, "ledger__owner", await tenant(connection, name)):
            await connection.execute("insert into ledger.sales_order (number) values (2)")
            await connection.execute(
                "with o as (insert into ledger.sales_order (number) values (1) returning id) "
                "insert into ledger.line (sales_order_id, amount, status) "
                "select id, n, case when n = 3 then 'open' end from o, generate_series(1, 3) n"
            )


async def test_a_rollup_added_later_holds_what_was_there_in_every_tenant(connection: Connection) -> None:
    await filled(connection)

    await publish(connection, sums(rollup("total", "line.sales_order", "sum", "amount")))

    assert await connection.fetchval(TOTALS) == "1 6, 1 6, 2 0, 2 0"
    assert await connection.fetchval("select array_agg(distinct version) from ledger.sales_order") == [1]


@pytest.mark.parametrize(
    ("function", "more", "totals"),
    [
        ("sum", {"field": "amount", "where": "status = 'open'"}, "1 3, 1 3, 2 0, 2 0"),
        ("count", {}, "1 3, 1 3, 2 0, 2 0"),
        ("max", {"field": "amount"}, "1 3, 1 3, 2 -, 2 -"),
        ("avg", {"field": "amount"}, "1 2.000000, 1 2.000000, 2 -, 2 -"),
    ],
)
async def test_a_changed_rollup_is_computed_again(
    connection: Connection, function: str, more: dict[str, Any], totals: str
) -> None:
    await filled(connection)
    await publish(connection, sums(rollup("total", "line.sales_order", "sum", "amount")))

    await publish(
        connection, sums(field("total", "rollup", of="line.sales_order", function=function, **more))
    )

    assert await connection.fetchval(TOTALS) == totals
    app_id = await connection.fetchval("select app_id from meta.app")
    assert await connection.fetch("select * from publish.drift($1)", app_id) == []
    assert await connection.fetch("select * from lint.finding") == []


async def test_publishing_a_rollup_twice_changes_nothing_and_dropping_it_loses_nothing(
    connection: Connection,
) -> None:
    await filled(connection)
    summed = sums(rollup("total", "line.sales_order", "sum", "amount"))
    app_id = await publish(connection, summed)

    again = await connection.fetch("select * from publish.app($1)", app_id)
    await publish(connection, sums())
    await publish(connection, summed)

    assert again == []
    assert await connection.fetchval(TOTALS) == "1 6, 1 6, 2 0, 2 0"


async def test_a_field_with_values_does_not_become_a_rollup_unasked(connection: Connection) -> None:
    await publish(connection, sums(field("total", "bigint")))

    with pytest.raises(asyncpg.PostgresError) as refused:
        await publish(connection, sums(rollup("total", "line.sales_order", "sum", "amount")))

    assert refused.value.sqlstate == "QP002"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"of": "nothing.sales_order"}, 'there is no entity "nothing"'),
        ({"of": "line.buyer"}, 'line has no lookup "buyer" to sales_order'),
        ({"of": "line.amount"}, 'line has no lookup "amount" to sales_order'),
        ({"function": "sum"}, "a sum needs a field"),
        ({"field": "amount"}, "a count has no field"),
        ({"function": "sum", "field": "price"}, 'line has no field "price"'),
        ({"function": "avg", "field": "status"}, "status is a text, which has no avg"),
        ({"where": "statsu = 'open'"}, 'unknown field "statsu"'),
        ({"where": "created_at < now()"}, "the condition of a rollup cannot use it"),
        ({"required": True}, "a rollup field has no required"),
        ({"default": "1"}, "a rollup field has no default"),
    ],
)
async def test_a_rollup_that_cannot_be_computed_is_refused(
    connection: Connection, given: dict[str, Any], message: str
) -> None:
    asked = {"name": "total", "type": "rollup", "of": "line.sales_order", "function": "count", **given}

    with pytest.raises(ManifestError, match=message):
        await publish(connection, sums(asked))


async def test_a_rollup_of_itself_is_refused(connection: Connection) -> None:
    asked = app("staff", entity(
        "employee", field("boss", "lookup", entity="employee"),
        field("team", "bigint", formula="below + 1"), rollup("below", "employee.boss", "sum", "team"),
    ))  # fmt: skip

    with pytest.raises(ManifestError, match="the rollup is made of itself"):
        await publish(connection, asked)


async def test_a_rebuild_finds_and_repairs_what_triggers_did_not_see(connection: Connection) -> None:
    await filled(connection)
    await publish(connection, sums(rollup("total", "line.sales_order", "sum", "amount")))
    await connection.execute("set session_replication_role = replica")
    await connection.execute("delete from ledger.line where amount = 2")
    await connection.execute("set session_replication_role = origin")

    checked = await connection.fetchrow("select * from publish.rebuild('ledger', only_check => true)")
    rebuilt = await connection.fetchrow("select * from publish.rebuild('ledger')")
    after = await connection.fetchrow("select * from publish.rebuild('ledger')")

    assert [tuple(row or ()) for row in (checked, rebuilt, after)] == [
        ("sales_order", "total", 4, 2), ("sales_order", "total", 4, 2), ("sales_order", "total", 4, 0),
    ]  # fmt: skip
    assert await connection.fetchval(TOTALS) == "1 4, 1 4, 2 0, 2 0"


async def write(
    database: Database, tenant_id: UUID, number: int, orders: list[UUID], buyers: list[UUID]
) -> int:
    """Write lines of any order in any way for a while; how often a deadlock was the answer."""
    random = Random(number)
    connection = await asyncpg.connect(database.administrator_url)
    await connection.execute("select set_config('qryvanta.tenant_id', $1, false)", str(tenant_id))
    # Found after this wait: by default most of the time would go into it.
    await connection.execute("set deadlock_timeout = '20ms'")
    deadlocks = 0
    some = "id in (select id from ledger.line order by md5(id::text || $1) limit $2)"
    changes = [
        f"update ledger.line set amount = amount + 1, status = 'done' where {some}",
        f"update ledger.line set sales_order_id = $3, consignee_id = $4 where {some}",
        f"delete from ledger.line where {some}",
    ]
    for _ in range(TURNS):
        try:
            async with connection.transaction():
                for _ in range(random.randint(1, 2)):
                    chosen, buyer = random.choice(orders), random.choice(buyers)
                    await connection.execute(
                        "insert into ledger.line "
                        "(sales_order_id, consignee_id, amount, quantity, due_on, weight) "
                        "select unnest($1::uuid[]), $2, $3::integer, $4::integer, "
                        "current_date - $4::integer, $4::integer / 7.0",
                        random.choices(orders, k=3), buyer, random.randint(-50, 50), random.randint(0, 9),
                    )  # fmt: skip
                    change = random.choice(changes)
                    extra = (chosen, buyer) if "$3" in change else ()
                    await connection.execute(change, str(random.random()), random.randint(1, 5), *extra)
        except asyncpg.DeadlockDetectedError:
            deadlocks += 1
    await connection.close()
    return deadlocks


async def test_many_writers_leave_every_rollup_right(connection: Connection, database: Database) -> None:
    tenant_id = await open_ledger(connection, recycle=True)
    buyers = [await customer(connection, name) for name in "abc"]
    orders = [await order(connection, number, buyers[number % 3]) for number in range(6)]

    deadlocks = await asyncio.gather(
        *(write(database, tenant_id, number, orders, buyers) for number in range(WRITERS))
    )

    assert await connection.fetchval("select count(*) from ledger.line where deleted_at is null") > 0
    assert await wrong(connection) == []
    # Several statements in one transaction meet crosswise, and one of two is refused: not all are.
    assert sum(deadlocks) < WRITERS * TURNS


async def test_a_manifest_with_rollups_comes_back_as_it_was(connection: Connection) -> None:
    app_id = await publish(connection, ledger())

    kept = await connection.fetchval("select meta.manifest($1) -> 'entities' -> 1 -> 'fields' -> 3", app_id)

    assert '"where": "status = \'open\'"' in kept
    assert '"of": "line.sales_order"' in kept
