"""Rollups are right after every statement, whoever writes the children by whatever door."""

from decimal import Decimal
from typing import TypeAlias

import asyncpg
import pytest

from tests.acting import acting, member
from tests.publishing import app, entity, field, publish, tenant
from tests.sql.ledger import customer, ledger, open_ledger, order, rollup, value, wrong

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

EMPLOYEES = "select string_agg(name || ' ' || reports, ', ' order by name) from staff.employee"
EMPTY = "(lines, total, cheapest, mean)"
LINES = "insert into ledger.line (sales_order_id, amount, quantity, due_on, weight, effort, status)"


async def test_every_function_follows_its_children(connection: Connection) -> None:
    await open_ledger(connection)
    mine = await order(connection)
    await connection.execute(
        f"{LINES} values ($1, 10.50, 2, '2026-01-05', 0.1, '1 hour', 'open'),"
        " ($1, 4.50, 3, '2026-01-09', 0.2, '2 days', 'done'), ($1, null, null, null, null, null, 'open')",
        mine,
    )

    row = await connection.fetchrow("select * from ledger.sales_order where id = $1", mine)

    assert row is not None
    assert (row["lines"], row["open_lines"], row["pieces"]) == (3, 2, 5)
    assert [str(row[name]) for name in ("total", "worth", "cheapest", "mean", "with_tax")] == [
        "15.00", "34.50", "4.50", "7.500000", "18.00",
    ]  # fmt: skip
    assert (str(row["latest"]), row["longest"].days) == ("2026-01-05", 2)
    assert await wrong(connection) == []


async def test_a_parent_without_children_has_zero_and_nothing(connection: Connection) -> None:
    await open_ledger(connection)
    mine = await order(connection)

    first = await value(connection, EMPTY, mine)
    await connection.execute(f"{LINES} values ($1, 5, 1, null, 1, null, 'open')", mine)
    await connection.execute("delete from ledger.line")

    assert first == await value(connection, EMPTY, mine) == (0, 0, None, None)


@pytest.mark.parametrize(
    "change",
    [
        "update ledger.line set amount = amount + 1",
        "update ledger.line set amount = null where quantity = 2",
        "update ledger.line set status = 'done' where amount > 4",
        "update ledger.line set quantity = 7, weight = weight * 3, effort = effort * 2",
        "update ledger.line set due_on = due_on - 40",
        "update ledger.line set sales_order_id = (select max(id::text)::uuid from ledger.sales_order)",
        "update ledger.line set sales_order_id = null where amount = 3",
        "update ledger.line set sales_order_id = null, amount = 9",
        "update ledger.line set amount = 'NaN' where quantity = 1",
        "delete from ledger.line where amount = (select min(amount) from ledger.line)",
        "delete from ledger.line",
        "delete from ledger.sales_order where number = 1",
        "delete from ledger.sales_order",
        "insert into ledger.line (sales_order_id, amount) select id, -1 from ledger.sales_order",
        "with gone as (delete from ledger.line where amount = 3 returning *) "
        "insert into ledger.line (sales_order_id, amount) select sales_order_id, amount + 1 from gone",
        "insert into ledger.line (id, sales_order_id, amount) select id, sales_order_id, 8 from ledger.line "
        "on conflict (tenant_id, id) do update set amount = excluded.amount",
        "update ledger.sales_order set customer_id = null where number = 1",
        "update ledger.sales_order set customer_id = (select max(id::text)::uuid from ledger.customer)",
        "update ledger.line set consignee_id = (select max(id::text)::uuid from ledger.customer)",
        "update ledger.line set note = 'nothing that counts'",
    ],
)
@pytest.mark.parametrize("recycle", [False, True])
async def test_after_every_statement_they_are_what_a_fresh_sum_is(
    connection: Connection, change: str, recycle: bool
) -> None:
    await open_ledger(connection, recycle=recycle)
    ann, bob = await customer(connection, "Ann"), await customer(connection, "Bob")
    for number, who in enumerate([ann, ann, bob], 1):
        mine = await order(connection, number, who)
        await connection.execute(
            "insert into ledger.line "
            "(sales_order_id, consignee_id, amount, quantity, due_on, weight, effort) "
            "select $1, $2, n, n, date '2026-01-01' + n, n / 10.0, n * interval '1 hour' "
            "from generate_series(1, 4) n",
            mine,
            who,
        )
    assert await wrong(connection) == []

    await connection.execute(change)

    assert await wrong(connection) == []


async def test_a_rollup_is_no_change_of_its_record(connection: Connection) -> None:
    await open_ledger(connection)
    mine = await order(connection)
    before = await connection.fetchrow("select version, updated_at from ledger.sales_order")
    await connection.execute(f"{LINES} values ($1, 5, 1, null, 1, null, 'open')", mine)
    await connection.execute("update ledger.line set amount = 6")

    after = await connection.fetchrow("select version, updated_at from ledger.sales_order")
    logged = await connection.fetch("select operation::text from audit.change where row_id = $1", mine)

    assert (await value(connection, "total", mine), await value(connection, "with_tax", mine)) == (
        6,
        Decimal("7.2"),
    )
    assert after == before
    assert [row["operation"] for row in logged] == ["I"]


async def test_a_change_of_the_record_itself_still_counts(connection: Connection) -> None:
    await open_ledger(connection)
    mine = await order(connection)
    await connection.execute("update ledger.sales_order set number = 2")

    assert await value(connection, "version", mine) == 2
    assert await connection.fetchval("select count(*) from audit.change where row_id = $1", mine) == 2


@pytest.mark.parametrize("statement", [
    "insert into ledger.sales_order (lines) values (7)",
    "update ledger.sales_order set total = 7",
    "update ledger.sales_order set number = 2, total = 7",
])  # fmt: skip
async def test_nobody_writes_a_rollup(connection: Connection, statement: str) -> None:
    tenant_id = await open_ledger(connection)
    await order(connection)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with acting(connection, "ledger__owner", tenant_id):
            await connection.execute(statement)


async def test_deleting_a_parent_to_which_a_lookup_is_cleared(connection: Connection) -> None:
    await open_ledger(connection)
    ann, bob = await customer(connection, "Ann"), await customer(connection, "Bob")
    mine = await order(connection)
    for who in (ann, ann, bob):
        await connection.execute(
            "insert into ledger.line (sales_order_id, consignee_id, amount) values ($1, $2, 1)", mine, who
        )

    await connection.execute("delete from ledger.customer where id = $1", ann)

    assert await connection.fetchval("select count(*) from ledger.line where consignee_id is null") == 2
    assert await wrong(connection) == []


async def test_the_bin_and_the_way_back(connection: Connection) -> None:
    await open_ledger(connection, recycle=True)
    mine = await order(connection)
    await connection.execute(
        f"{LINES} select $1, n, 1, null, 1, null, 'open' from generate_series(1, 3) n", mine
    )
    await connection.execute("delete from ledger.line where amount > 1")
    in_bin = await value(connection, "(lines, total)", mine)
    await connection.execute("update ledger.line set deleted_at = null where amount = 2")
    restored = await value(connection, "(lines, total)", mine)
    await connection.execute("delete from ledger.line where deleted_at is not null")

    assert (in_bin, restored, await value(connection, "(lines, total)", mine)) == ((1, 1), (2, 3), (2, 3))


async def test_rows_that_a_role_may_not_see_count_too(connection: Connection) -> None:
    tenant_id = await tenant(connection)
    own = {"entity": "task", "read": "own", "create": True, "update": "own", "delete": "own"}
    await publish(connection, app(
        "todo",
        entity("project", field("name"), rollup("tasks", "task.project", "count")),
        entity("task", field("project", "lookup", entity="project"), ownership="owned"),
        roles=[{"name": "worker", "grants": [{"entity": "project", "read": "tenant"}, own]}],
    ))  # fmt: skip
    ann, bob = [await member(connection, tenant_id, f"{name}@example.org") for name in ("ann", "bob")]
    async with acting(connection, "todo__owner", tenant_id):
        project = await connection.fetchval("insert into todo.project (name) values ('P') returning id")
    for user in (ann, bob):
        async with acting(connection, "todo_worker", tenant_id, user):
            await connection.execute("insert into todo.task (project_id) values ($1)", project)

    async with acting(connection, "todo_worker", tenant_id, bob):
        seen = await connection.fetchval("select count(*) from todo.task")
        counted = await connection.fetchval("select tasks from todo.project")

    comment = await connection.fetchval(
        "select col_description('todo.project'::regclass, attnum) from "
        "pg_attribute where attrelid = 'todo.project'::regclass and attname = 'tasks'"
    )
    assert (seen, counted) == (1, 2)
    assert "also those that a reader may not see" in comment


async def test_a_statement_over_several_tenants_without_a_tenant_of_its_own(connection: Connection) -> None:
    await publish(connection, ledger())
    tenants = [await tenant(connection, name) for name in ("demo", "other")]
    for tenant_id in tenants:
        async with acting(connection, "ledger__owner", tenant_id):
            mine = await order(connection)
            await connection.execute(f"{LINES} values ($1, 5, 1, null, 1, null, 'open')", mine)

    await connection.execute("update ledger.line set amount = amount + 1")

    assert await connection.fetchval("select array_agg(total) from ledger.sales_order") == [6, 6]
    assert await connection.fetchval("select tenancy.current_id()") is None


async def test_of_an_entity_that_points_at_itself(connection: Connection) -> None:
    await publish(connection, app("staff", entity(
        "employee", field("name"), field("boss", "lookup", entity="employee", on_delete="clear"),
        rollup("reports", "employee.boss", "count"),
    )))  # fmt: skip
    tenant_id = await tenant(connection)
    async with acting(connection, "staff__owner", tenant_id):
        await connection.execute(
            "insert into staff.employee (id, name, boss_id) values (md5('a')::uuid, 'a', null), "
            "(md5('b')::uuid, 'b', md5('a')::uuid), (md5('c')::uuid, 'c', md5('b')::uuid)"
        )
        first = await connection.fetchval(EMPLOYEES)
        await connection.execute("update staff.employee set boss_id = md5('a')::uuid where name = 'c'")
        await connection.execute("delete from staff.employee where name = 'b'")

        second = await connection.fetchval(EMPLOYEES)

    assert (first, second) == ("a 1, b 1, c 0", "a 1, c 0")


async def test_links_of_a_relation_are_children_too(connection: Connection) -> None:
    await publish(connection, app(
        "staff",
        entity("employee", field("name"), rollup("territories", "covers.employee", "count")),
        entity("territory", field("name")),
        relations=[{"name": "covers", "kind": "many_to_many", "from": "employee", "to": "territory"}],
    ))  # fmt: skip
    async with acting(connection, "staff__owner", await tenant(connection)):
        ann = await connection.fetchval("insert into staff.employee (name) values ('Ann') returning id")
        for name in ("north", "south"):
            where = await connection.fetchval(
                "insert into staff.territory (name) values ($1) returning id", name
            )
            await connection.execute(
                "insert into staff.covers (employee_id, territory_id) values ($1, $2)", ann, where
            )
        await connection.execute("delete from staff.territory where name = 'south'")

        assert await connection.fetchval("select territories from staff.employee") == 1


async def test_a_snapshot_in_which_siblings_are_missing_is_refused(connection: Connection) -> None:
    await open_ledger(connection)
    mine = await order(connection)

    with pytest.raises(asyncpg.FeatureNotSupportedError, match="repeatable read"):
        async with connection.transaction(isolation="repeatable_read"):
            await connection.execute(f"{LINES} values ($1, 5, 1, null, 1, null, 'open')", mine)
