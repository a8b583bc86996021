"""Roles of the manifest are roles of the database: rows by policy, columns by grant."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.acting import acting, member
from tests.publishing import Connection, app, entity, field, publish, tenant

WORK = app(
    "work",
    entity(
        "task", field("title"), field("budget", "decimal"), field("pin", sensitive=True), ownership="owned"
    ),
    roles=[
        {
            "name": "worker",
            "grants": [
                {
                    "entity": "task",
                    "read": "tenant",
                    "create": True,
                    "update": "own",
                    "delete": "own",
                    "fields": {"budget": "read"},
                }
            ],
        },
        {"name": "loner", "grants": [{"entity": "task", "read": "own", "create": True, "update": "own"}]},
        {"name": "blind", "grants": [{"entity": "task", "read": "tenant", "fields": {"budget": "none"}}]},
        {"name": "nobody", "grants": []},
    ],
)


@pytest.fixture
async def people(connection: Connection) -> tuple[UUID, UUID, UUID]:
    """The tenant and two members, each with a task."""
    await publish(connection, WORK)
    demo = await tenant(connection)
    ida, tom = [await member(connection, demo, f"{name}@example.com") for name in ("ida", "tom")]
    for user_id, title in ((ida, "ida's"), (tom, "tom's")):
        async with acting(connection, "work_worker", demo, user_id):
            await connection.execute("insert into work.task (title) values ($1)", title)
    return demo, ida, tom


async def titles(connection: Connection, statement: str, *arguments: Any) -> set[str]:
    return {found["title"] for found in await connection.fetch(statement, *arguments)}


async def test_the_scope_tenant_reads_all_rows_and_own_only_the_owned(
    connection: Connection, people: tuple[UUID, UUID, UUID]
) -> None:
    demo, ida, _ = people

    async with acting(connection, "work_worker", demo, ida):
        assert await titles(connection, "select title from work.task") == {"ida's", "tom's"}
    async with acting(connection, "work_loner", demo, ida):
        assert await titles(connection, "select title from work.task") == {"ida's"}


async def test_the_scope_own_changes_and_deletes_only_owned_rows(
    connection: Connection, people: tuple[UUID, UUID, UUID]
) -> None:
    demo, ida, _ = people

    async with acting(connection, "work_worker", demo, ida):
        changed = await titles(connection, "update work.task set title = 'new' returning title")
        deleted = await connection.execute("delete from work.task")

    assert (changed, deleted) == ({"new"}, "DELETE 1")


async def test_who_reads_own_rows_cannot_create_them_for_somebody_else(
    connection: Connection, people: tuple[UUID, UUID, UUID]
) -> None:
    demo, ida, tom = people

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with acting(connection, "work_loner", demo, ida):
            await connection.execute("insert into work.task (title, owner_id) values ('x', $1)", tom)


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("work_worker", "update work.task set budget = 1"),
        ("work_worker", "insert into work.task (title, budget) values ('x', 1)"),
        ("work_worker", "select pin from work.task"),
        ("work_worker", "update work.task set version = 9"),
        ("work_worker", "update work.task set tenant_id = gen_random_uuid()"),
        ("work_worker", "update work.task set created_by = null"),
        ("work_worker", "truncate work.task"),
        ("work_blind", "select budget from work.task"),
        ("work_blind", "select title from work.task order by budget"),
        ("work_blind", "select title from work.task where budget > 1"),
        ("work_blind", "insert into work.task (title) values ('x')"),
        ("work_blind", "delete from work.task"),
        ("work_nobody", "select title from work.task"),
        ("qryvanta_gateway", "select title from work.task"),
        ("work_worker", "select * from identity.account"),
        ("work_worker", "select * from tenancy.database_login"),
        ("work_worker", "select * from audit.change"),
        ("work_worker", "create table work.extra (a int)"),
    ],
)
async def test_what_a_role_was_not_granted_is_refused(
    connection: Connection, people: tuple[UUID, UUID, UUID], role: str, statement: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with acting(connection, role, people[0], people[1]):
            await connection.execute(statement)


async def test_own_rows_of_an_entity_without_owner_are_refused_in_the_model(connection: Connection) -> None:
    model = app(
        "plain",
        entity("task", field("title")),
        roles=[{"name": "worker", "grants": [{"entity": "task", "read": "own"}]}],
    )

    with pytest.raises(ValueError, match="own rows need an entity with ownership: owned"):
        await publish(connection, model)


async def test_the_roles_of_two_apps_cannot_be_the_same_role(connection: Connection) -> None:
    await publish(connection, app("a", entity("task", field("title")), roles=[{"name": "b_c", "grants": []}]))

    with pytest.raises(ValueError, match="a_b_c"):
        await publish(
            connection, app("a_b", entity("task", field("title")), roles=[{"name": "c", "grants": []}])
        )
