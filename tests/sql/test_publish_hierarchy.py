"""A hierarchy, as the database enforces it and shows it."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.manifest import ManifestError
from tests.acting import acting
from tests.database import Database
from tests.publishing import Connection, app, entity, field, publish, tenant

OWNER = "firm__owner"


def firm(hierarchy: str | None = "boss", **settings: Any) -> dict[str, Any]:
    """Employees with a boss."""
    kept = {"hierarchy": hierarchy} if hierarchy else {}
    fields = (field("name"), field("boss", "lookup", entity="employee"), field("note"))
    return app("firm", entity("employee", *fields, **kept, **settings))


@pytest.fixture
async def demo(connection: Connection) -> UUID:
    await publish(connection, firm())
    return await tenant(connection)


async def hired(connection: Connection, tenant_id: UUID, *names: str) -> list[UUID]:
    """A chain of employees, each below the one before."""
    ids: list[UUID] = []
    async with acting(connection, OWNER, tenant_id):
        for name in names:
            boss = ids[-1] if ids else None
            ids.append(
                await connection.fetchval(
                    "insert into firm.employee (name, boss_id) values ($1, $2) returning id", name, boss
                )
            )
    return ids


async def move(connection: Connection, tenant_id: UUID, employee: UUID, boss: UUID | None) -> None:
    async with acting(connection, OWNER, tenant_id):
        await connection.execute("update firm.employee set boss_id = $2 where id = $1", employee, boss)


async def test_nobody_is_below_himself_at_any_distance(connection: Connection, demo: UUID) -> None:
    top, middle, low = await hired(connection, demo, "top", "middle", "low")

    for boss in (top, middle, low):
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await move(connection, demo, top, boss)
        assert refusal.value.constraint_name == "employee_boss_hierarchy_check"
        assert str(refusal.value) == "Employee cannot be below itself"
    await move(connection, demo, low, top)
    await move(connection, demo, middle, low)


async def test_one_statement_is_judged_by_where_it_ends(connection: Connection, demo: UUID) -> None:
    top, middle, low = await hired(connection, demo, "top", "middle", "low")
    turned = "update firm.employee e set boss_id = n.boss from (values {}) as n (id, boss) where e.id = n.id"

    # Upside down: on the way each is below itself, at the end none.
    values = f"('{top}'::uuid, '{middle}'::uuid), ('{middle}', '{low}'), ('{low}', null)"
    async with acting(connection, OWNER, demo):
        await connection.execute(turned.format(values))

    circle = f"('{top}'::uuid, '{middle}'::uuid), ('{middle}', '{top}')"
    with pytest.raises(asyncpg.CheckViolationError):
        async with acting(connection, OWNER, demo):
            await connection.execute(turned.format(circle))


async def test_an_insert_can_make_no_circle_either(connection: Connection, demo: UUID) -> None:
    first, second = UUID(int=1), UUID(int=2)

    for pairs in ([(first, first)], [(first, second), (second, first)]):
        values = ", ".join(f"('{employee}'::uuid, '{boss}'::uuid)" for employee, boss in pairs)
        with pytest.raises(asyncpg.CheckViolationError):
            async with acting(connection, OWNER, demo):
                await connection.execute(f"insert into firm.employee (id, boss_id) values {values}")


@pytest.mark.parametrize("isolation", ["read_committed", "repeatable_read", "serializable"])
async def test_of_two_moves_at_once_that_make_a_circle_one_fails(
    connection: Connection, database: Database, demo: UUID, isolation: Any
) -> None:
    (ann,) = await hired(connection, demo, "ann")
    (bob,) = await hired(connection, demo, "bob")

    async def moving(employee: UUID, boss: UUID, ready: asyncio.Barrier) -> str:
        other = await asyncpg.connect(database.administrator_url)
        try:
            async with other.transaction(isolation=isolation):
                await other.execute("select set_config('qryvanta.tenant_id', $1, true)", str(demo))
                await other.execute(f"set local role {OWNER}")
                await other.fetch("select id from firm.employee")
                await ready.wait()
                await other.execute("update firm.employee set boss_id = $2 where id = $1", employee, boss)
                await asyncio.sleep(0.05)
            return "moved"
        except (asyncpg.CheckViolationError, asyncpg.SerializationError) as error:
            return str(error.sqlstate)
        finally:
            await other.close()

    ready = asyncio.Barrier(2)
    outcomes = sorted(await asyncio.gather(moving(ann, bob, ready), moving(bob, ann, ready)))

    expected = "23514" if isolation == "read_committed" else "40001"
    assert outcomes == [expected, "moved"]


async def test_moves_in_other_tenants_do_not_wait(
    connection: Connection, database: Database, demo: UUID
) -> None:
    other = await tenant(connection, "other")
    low = (await hired(connection, demo, "top", "low"))[1]
    theirs = (await hired(connection, other, "top", "low"))[1]
    await move(connection, demo, low, None)
    await move(connection, other, theirs, None)
    second = await asyncpg.connect(database.administrator_url)

    async with acting(connection, OWNER, demo):
        await connection.execute(
            "update firm.employee set boss_id = (select id from firm.employee where name = 'top')"
            " where name = 'low'"
        )
        await second.execute("set lock_timeout = '1s'")
        async with acting(second, OWNER, other):
            await second.execute(
                "update firm.employee set boss_id = (select id from firm.employee where name = 'top')"
                " where name = 'low'"
            )
    await second.close()


async def test_who_has_no_tenant_moves_nobody(connection: Connection, demo: UUID) -> None:
    top, low = await hired(connection, demo, "top", "low")

    # The superuser sees every row; the trigger would see none, and so must refuse.
    with pytest.raises(asyncpg.PostgresError) as refusal:
        await connection.execute("update firm.employee set boss_id = $2 where id = $1", top, low)
    assert refusal.value.sqlstate == "28000"
    await connection.execute("update firm.employee set note = 'x'")


async def test_more_than_a_hundred_levels_are_refused(connection: Connection, demo: UUID) -> None:
    chain = await hired(connection, demo, *(f"level {level}" for level in range(101)))

    with pytest.raises(asyncpg.CheckViolationError) as deeper:
        async with acting(connection, OWNER, demo):
            await connection.execute("insert into firm.employee (boss_id) values ($1)", chain[-1])
    top, _ = await hired(connection, demo, "new top", "second")
    with pytest.raises(asyncpg.CheckViolationError) as lifted:
        await move(connection, demo, chain[0], top)

    assert deeper.value.constraint_name == lifted.value.constraint_name == "employee_boss_depth_check"
    assert str(deeper.value) == "Employee cannot be more than 100 levels deep"


async def test_records_in_the_bin_stay_in_the_hierarchy(connection: Connection) -> None:
    await publish(connection, firm(recycle=True))
    demo = await tenant(connection)
    top, low = await hired(connection, demo, "top", "low")
    async with acting(connection, OWNER, demo):
        await connection.execute("delete from firm.employee where id = $1", low)

    with pytest.raises(asyncpg.CheckViolationError):
        await move(connection, demo, top, low)


async def test_the_view_joins_each_record_with_all_above_it(connection: Connection, demo: UUID) -> None:
    await hired(connection, demo, "top", "middle", "low")
    await hired(connection, await tenant(connection, "other"), "theirs")

    async with acting(connection, "firm_viewer", demo):
        found = await connection.fetch(
            "select a.name as above, e.name, h.depth from firm.employee_hierarchy h"
            " join firm.employee a on a.id = h.ancestor_id join firm.employee e on e.id = h.id"
            " order by h.depth, a.name, e.name"
        )

    assert [tuple(each) for each in found] == [
        ("low", "low", 0),
        ("middle", "middle", 0),
        ("top", "top", 0),
        ("middle", "low", 1),
        ("top", "middle", 1),
        ("top", "low", 2),
    ]


async def test_direct_sql_roles_read_the_view_as_far_as_the_lookup(connection: Connection) -> None:
    grants = [{"entity": "employee", "read": "tenant", "fields": {"boss": "none"}}]
    roles = [
        {"name": "blind", "grants": grants},
        {"name": "clerk", "grants": [{"entity": "employee", "read": "tenant"}]},
    ]
    await publish(connection, firm() | {"roles": roles})

    seen = await connection.fetch(
        "select grantee::text from information_schema.role_table_grants"
        " where table_name = 'employee_hierarchy' and grantee <> 'qryvanta_owner' order by 1"
    )

    assert [each["grantee"] for each in seen] == [
        "bi_firm__owner",
        "bi_firm_clerk",
        "firm__owner",
        "firm_clerk",
    ]
    assert await connection.fetch("select * from lint.finding") == []


async def test_a_hierarchy_is_only_made_of_what_is_one(connection: Connection) -> None:
    await publish(connection, firm(None))
    demo = await tenant(connection)
    top, low = await hired(connection, demo, "top", "low")
    await move(connection, demo, top, low)

    with pytest.raises(asyncpg.CheckViolationError, match="records that are below themselves"):
        await publish(connection, firm())
    await move(connection, demo, top, None)
    await publish(connection, firm())

    with pytest.raises(asyncpg.CheckViolationError):
        await move(connection, demo, top, low)


async def test_what_is_no_longer_a_hierarchy_is_free_again(connection: Connection, demo: UUID) -> None:
    top, low = await hired(connection, demo, "top", "low")

    await publish(connection, firm(None))
    await move(connection, demo, top, low)

    assert await connection.fetchval("select to_regclass('firm.employee_hierarchy')") is None


async def test_a_renamed_lookup_stays_a_hierarchy(connection: Connection, demo: UUID) -> None:
    model = firm("leader")
    model["entities"][0]["fields"][1] |= {
        "name": "leader",
        "id": str(await connection.fetchval("select field_id from meta.field where name = 'boss'")),
    }
    top, low = await hired(connection, demo, "top", "low")

    await publish(connection, model)

    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        async with acting(connection, OWNER, demo):
            await connection.execute("update firm.employee set leader_id = $2 where id = $1", top, low)
    assert refusal.value.constraint_name == "employee_leader_hierarchy_check"
    async with acting(connection, OWNER, demo):
        assert await connection.fetchval("select count(*) from firm.employee_hierarchy") == 3


@pytest.mark.parametrize("hierarchy", ["nobody", "name", "office"])
async def test_only_a_lookup_to_the_entity_itself_makes_one(connection: Connection, hierarchy: str) -> None:
    model = firm(hierarchy)
    model["entities"].append(entity("office", field("name")))
    model["entities"][0]["fields"].append(field("office", "lookup", entity="office"))

    with pytest.raises(ManifestError, match="is no lookup of employee to employee alone"):
        await publish(connection, model)


async def test_a_view_of_its_name_clashes_with_an_entity(connection: Connection) -> None:
    model = firm()
    model["entities"].append(entity("employee_hierarchy", field("name")))

    with pytest.raises(ManifestError, match='both "employee_hierarchy"'):
        await publish(connection, model)


async def test_publishing_something_else_leaves_the_hierarchy_alone(connection: Connection) -> None:
    model = firm()
    model["entities"].append(entity("office", field("town")))
    await publish(connection, model)
    model["entities"][1]["fields"].append(field("street"))
    await publish(connection, model)
    demo = await tenant(connection)
    top, low = await hired(connection, demo, "top", "low")

    with pytest.raises(asyncpg.CheckViolationError):
        await move(connection, demo, top, low)
    async with acting(connection, "firm_viewer", demo):
        assert await connection.fetchval("select count(*) from firm.employee_hierarchy") == 3
    drift = "select d.* from meta.app a cross join lateral publish.drift(a.app_id) d"
    assert await connection.fetch(drift) == []
    await connection.execute("drop view firm.employee_hierarchy")
    assert {row["kind"] for row in await connection.fetch(drift)} >= {"create_view"}
