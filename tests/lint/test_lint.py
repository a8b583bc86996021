"""Every lint is empty on a published Northwind and finds the fault that it is named after."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from server.installation.cluster import Cluster
from server.installation.migration import grant_database
from tests.database import PASSWORD, Database
from tests.lint.fault import FAULTS
from tests.publishing import Connection, publish

MANIFEST = Path(__file__).parents[2] / "docs/examples/northwind/northwind.yaml"
COLUMNS = ["name", "title", "level", "object", "detail", "remediation"]
VIEWS = """
    select c.relname::text as name
    from pg_class c
    where c.relnamespace = 'lint'::regnamespace and c.relkind = 'v' and c.relname <> 'finding'
"""


@pytest.fixture(scope="module")
def sample(cluster: Cluster, template: str) -> Iterator[Database]:
    """A database with Northwind published: each test plants its fault in a transaction of its own."""
    database = Database("lint_sample", "127.0.0.1", cluster.port)
    asyncio.run(_create(cluster, template, database))
    yield database
    asyncio.run(_run(cluster, f"drop database {database.name} with (force)"))


@pytest.fixture
async def session(sample: Database) -> AsyncIterator[Connection]:
    """A session on the sample whose changes are undone."""
    connection: Connection = await asyncpg.connect(sample.administrator_url)
    await connection.execute("begin")
    yield connection
    await connection.execute("rollback")
    await connection.close()


async def test_nothing_is_wrong_with_a_fresh_database(connection: Connection) -> None:
    assert await findings(connection) == []


async def test_nothing_is_wrong_with_a_published_sample(session: Connection) -> None:
    assert await findings(session) == []


async def test_every_lint_has_a_fault_to_find(session: Connection) -> None:
    assert {row["name"] for row in await session.fetch(VIEWS)} == set(FAULTS)


async def test_the_findings_are_those_of_every_lint(session: Connection) -> None:
    gathered = await session.fetch(
        """
        select distinct d.refobjid::regclass::text as name
        from pg_rewrite r
        join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
        where r.ev_class = 'lint.finding'::regclass
            and d.refclassid = 'pg_class'::regclass
            and d.refobjid <> r.ev_class
        """
    )

    assert {row["name"] for row in gathered} == {f"lint.{name}" for name in FAULTS}


@pytest.mark.parametrize("name", sorted(FAULTS))
async def test_a_lint_finds_its_fault(session: Connection, name: str) -> None:
    fault = FAULTS[name]

    await session.execute(fault.statement)
    rows = await session.fetch(f"select * from lint.{name}")

    assert fault.object in [row["object"] for row in rows]
    for row in rows:
        assert list(row.keys()) == COLUMNS
        assert row["name"] == name
        assert row["level"] in ("fault", "warning")
        assert all(row[column] for column in COLUMNS)


@pytest.mark.parametrize(
    "condition",
    [
        "true",
        "owner_id = tenancy.current_user_id()",
        "tenant_id = (select tenancy.current_id()) or label is null",
        "(tenant_id = (select tenancy.current_id()) and label > '') or label is null",
        "tenant_id = (select tenancy.current_id()) is not false",
    ],
)
async def test_a_policy_that_only_mentions_the_tenant_is_found(session: Connection, condition: str) -> None:
    await session.execute(
        f"""
        set search_path = northwind;
        create table planted (tenant_id uuid, owner_id uuid, label text);
        create policy planted on planted to northwind_sales using ({condition})
        """
    )

    rows = await session.fetch("select object from lint.policy_tenantless")

    assert [row["object"] for row in rows] == ["northwind.planted policy planted"]


async def findings(connection: Connection) -> list[tuple[str, str]]:
    rows = await connection.fetch("select name, object from lint.finding")
    return [(row["name"], row["object"]) for row in rows]


async def _create(cluster: Cluster, template: str, database: Database) -> None:
    await _run(cluster, f"create database {database.name} template {template}")
    connection: Connection = await asyncpg.connect(database.administrator_url)
    await grant_database(connection)
    await publish(connection, MANIFEST.read_text())
    await connection.close()


async def _run(cluster: Cluster, statement: str) -> None:
    connection: Connection = await asyncpg.connect(cluster.url("postgres", PASSWORD, "postgres"))
    await connection.execute(statement)
    await connection.close()
