"""A direct SQL login of one tenant, connected as itself, tries everything to see another tenant's rows."""

from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest

from server.identity.administration.database_login import create_database_login
from tests.database import Database
from tests.publishing import Connection

TABLES = """
    select n.nspname || '.' || c.relname as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'northwind' and c.relkind in ('r', 'p', 'v', 'm')
        and c.relname not like '\\_dropped\\_%'
"""

# {other} is the id of the other tenant. To be refused is as good as to have no effect.
ATTEMPTS = [
    "set qryvanta.tenant_id = '{other}'",
    "select set_config('qryvanta.tenant_id', '{other}', false)",
    "set qryvanta.deleted = 'visible'",
    "set row_security = off",
    "set role qryvanta_owner",
    "set role qryvanta_ddl",
    "set role qryvanta_server",
    "set role northwind__owner",
    "set role bi_northwind__owner",
    "select set_config('role', 'qryvanta_owner', false)",
    "set session authorization postgres",
    "set session authorization qryvanta_server",
    "select set_config('session_authorization', 'postgres', false)",
    "reset role",
    "reset session authorization",
    "discard all",
    "set session_replication_role = replica",
    "set search_path = pg_temp, public, northwind",
    "create temporary table database_login (login name, tenant_id uuid)",
    "create function pg_temp.current_id() returns uuid language sql as $$ select '{other}'::uuid $$",
    "create function public.current_id() returns uuid language sql as $$ select '{other}'::uuid $$",
    "create or replace function tenancy.current_id() returns uuid language sql as $$ select null::uuid $$",
    "create view northwind.leak as select * from northwind.customer",
    "create temporary view leak as select * from northwind.customer",
    "update tenancy.database_login set tenant_id = '{other}'",
    "insert into tenancy.database_login (login, tenant_id) values (session_user, '{other}')",
    "alter table northwind.customer disable row level security",
    "drop policy viewer_read on northwind.customer",
    "alter role current_user set qryvanta.tenant_id = '{other}'",
    "grant tenant_setting to current_user",
    "select api.published_model()",
    "select pg_advisory_lock(1)",
    "notify qryvanta_model",
    "listen qryvanta_model",
    "select pg_notify('qryvanta_model', '')",
    "select lo_create(0)",
    "select pg_read_file('/etc/passwd')",
    "select pg_ls_dir('.')",
    "copy northwind.customer to program 'true'",
    "copy northwind.customer to '/tmp/leak'",
    "create extension dblink",
    "load 'auto_explain'",
]

# Other doors to the rows of a table; each answers with the tenants that it shows.
DOORS = [
    "select distinct tenant_id from {table}",
    "select distinct tenant_id from {table} where tenant_id = '{other}' or true",
    "with r as materialized (select tenant_id from {table}) select distinct tenant_id from r",
    "prepare door as select distinct tenant_id from {table}; execute door",
    "begin; declare door cursor for select tenant_id from {table}; fetch all door; commit",
]


@pytest.fixture
async def bi(traders: Database) -> AsyncIterator[tuple[Connection, Connection]]:
    """A login of the tenant `other` beside Northwind's records in `demo`, and the administrator."""
    administrator: Connection = await asyncpg.connect(traders.administrator_url)
    login = await create_database_login(administrator, tenant="other", role="northwind.viewer")
    session: Connection = await asyncpg.connect(
        traders.url(login.login, login.password), statement_cache_size=0
    )
    yield session, administrator
    session.terminate()
    await administrator.execute("select identity.drop_database_login($1)", login.login)
    await administrator.close()


async def test_every_table_has_rows_of_another_tenant_and_shows_none(
    bi: tuple[Connection, Connection],
) -> None:
    session, administrator = bi
    demo = await _tenant(administrator, "demo")
    tables = [row["name"] for row in await administrator.fetch(TABLES)]
    assert tables

    for table in tables:
        assert await administrator.fetchval(f"select exists (select from {table} where tenant_id = $1)", demo)
        for door in DOORS:
            assert await _seen(session, door.format(table=table, other=demo)) == set(), (table, door)


@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_no_attempt_shows_a_row_of_another_tenant(
    bi: tuple[Connection, Connection], attempt: str
) -> None:
    session, administrator = bi
    demo = await _tenant(administrator, "demo")

    with suppress(asyncpg.PostgresError):
        await session.execute(attempt.replace("{other}", str(demo)))
    for table in [row["name"] for row in await administrator.fetch(TABLES)]:
        assert await _seen(session, f"select distinct tenant_id from {table}") == set(), table


async def test_a_login_sees_all_tables_of_its_own_tenant(traders: Database) -> None:
    administrator: Connection = await asyncpg.connect(traders.administrator_url)
    login = await create_database_login(administrator, tenant="demo", role="northwind.viewer")
    session: Connection = await asyncpg.connect(
        traders.url(login.login, login.password), statement_cache_size=0
    )
    demo = await _tenant(administrator, "demo")

    for table in [row["name"] for row in await administrator.fetch(TABLES)]:
        assert await _seen(session, f"select distinct tenant_id from {table}") == {demo}, table

    await session.close()
    await administrator.execute("select identity.drop_database_login($1)", login.login)
    await administrator.close()


async def _seen(session: Connection, statement: str) -> set[str]:
    """The tenants whose rows a statement shows; a refusal shows none."""
    *before, last = statement.split("; ")
    if last == "commit":
        *before, last, _ = statement.split("; ")
    try:
        for part in before:
            await session.execute(part)
        return {str(row["tenant_id"]) for row in await session.fetch(last)}
    except asyncpg.InsufficientPrivilegeError:
        return set()
    finally:
        with suppress(asyncpg.PostgresError):
            await session.execute("rollback")
            await session.execute("deallocate door")


async def _tenant(administrator: Connection, name: str) -> str:
    return str(await administrator.fetchval("select tenant_id from tenancy.tenant where name = $1", name))
