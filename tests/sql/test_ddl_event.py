"""Who changed the structure by hand is written down, and nobody's statement ever fails for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from server.database.listener import Listener
from tests.database import Database
from tests.publishing import Connection, app, entity, field, publish

CRM = app("crm", entity("deal", field("title"), field("amount", "decimal")))
EVENTS = "select tag, object from publish.ddl_event where not by_publisher order by ddl_event_id"

STATEMENTS = {
    "alter table crm.deal add column extra text": [("ALTER TABLE", "crm.deal")],
    "alter table crm.deal disable row level security": [("ALTER TABLE", "crm.deal")],
    "alter table crm.deal drop column amount": [
        ("DROP TABLE COLUMN", "crm.deal.amount"),
        ("ALTER TABLE", "crm.deal"),
    ],
    "create table crm.extra (id int primary key)": [
        ("CREATE TABLE", "crm.extra"),
        ("CREATE INDEX", "crm.extra_pkey"),
    ],
    "create policy open on crm.deal using (true)": [("CREATE POLICY", "open on crm.deal")],
    "drop policy admin_read on crm.deal": [("DROP POLICY", "admin_read on crm.deal")],
    "drop table crm.deal": [("DROP TABLE", "crm.deal")],
    "comment on column crm.deal.title is 'x'": [("COMMENT", "crm.deal.title")],
    "comment on schema crm is 'x'": [("COMMENT", "crm")],
    "grant select on crm.deal to public": [("GRANT", None)],
    "create view crm.v as select 1 as one": [("CREATE VIEW", "crm.v")],
    "create function crm.f(int) returns int language sql as 'select 1'": [
        ("CREATE FUNCTION", "crm.f(integer)")
    ],
    "create index concurrently i on crm.deal (title)": [("CREATE INDEX", "crm.i")],
    "alter table meta.app add column x int": [("ALTER TABLE", "meta.app")],
    "create table public.mine (id int)": [],
    "create temporary table deal (id int)": [],
}


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_what_was_done_by_hand_is_written_down(connection: Connection, statement: str) -> None:
    await publish(connection, CRM)

    await connection.execute(statement)

    assert [tuple(row) for row in await connection.fetch(EVENTS)] == STATEMENTS[statement]


async def test_it_is_written_down_who_did_it_with_what(connection: Connection) -> None:
    await publish(connection, CRM)
    await connection.execute("set application_name = 'psql'")

    await connection.execute("alter table crm.deal add column extra text")

    event = await connection.fetchrow("select * from publish.ddl_event where not by_publisher")
    assert event is not None
    assert (event["login"], event["program"]) == ("postgres", "psql")
    assert event["query"] == "alter table crm.deal add column extra text"


async def test_a_password_in_the_same_statement_is_not_written_down(connection: Connection) -> None:
    await publish(connection, CRM)

    await connection.execute(
        "create role crm_somebody password 'secret'; alter table crm.deal add column extra text"
    )

    assert "secret" not in await connection.fetchval("select string_agg(query, ' ') from publish.ddl_event")


async def test_publishing_is_one_line_and_marked(connection: Connection) -> None:
    await publish(connection, CRM)

    lines = await connection.fetch("select by_publisher from publish.ddl_event where schema_name = 'crm'")
    assert [row["by_publisher"] for row in lines] == [True]
    assert await connection.fetch(EVENTS) == []


async def test_a_migration_leaves_no_line(connection: Connection) -> None:
    assert await connection.fetch(EVENTS) == []


async def test_a_statement_that_is_undone_leaves_no_line(connection: Connection) -> None:
    await publish(connection, CRM)

    async with undone(connection):
        await connection.execute("drop table crm.deal")

    assert await connection.fetch(EVENTS) == []


OBSTACLES = {
    "the table is gone": "alter table publish.ddl_event rename to ddl_event_gone",
    "the table takes no row": "alter table publish.ddl_event add constraint never check (false) not valid",
    "the function it calls is gone": "drop function publish.record_ddl(text, text, text)",
    "the apps are gone": "alter table meta.app rename to app_gone",
    "the owner may not write": "revoke insert on publish.ddl_event from qryvanta_owner",
}


@pytest.mark.parametrize("obstacle", OBSTACLES.values(), ids=OBSTACLES.keys())
async def test_whatever_is_broken_the_statement_of_the_dba_goes_through(
    connection: Connection, obstacle: str
) -> None:
    await publish(connection, CRM)
    await connection.execute(obstacle)

    await connection.execute("alter table crm.deal add column extra text")
    await connection.execute("drop table crm.deal")

    assert await connection.fetchval("select to_regclass('crm.deal')") is None


async def test_a_locked_table_of_events_does_not_hold_up_the_dba(
    database: Database, connection: Connection
) -> None:
    await publish(connection, CRM)
    other = await asyncpg.connect(database.administrator_url)
    async with connection.transaction():
        await connection.execute("lock table publish.ddl_event")

        await other.execute("alter table crm.deal add column extra text", timeout=2)

    assert await other.fetchval("show lock_timeout") == "0"
    await other.close()


async def test_two_at_a_time_do_not_wait_for_each_other(database: Database, connection: Connection) -> None:
    await publish(connection, CRM)
    other = await asyncpg.connect(database.administrator_url)
    async with connection.transaction():
        await connection.execute("create table crm.one (id int)")
        await other.execute("create table crm.two (id int)", timeout=2)
    await other.close()

    tags = [row["object"] for row in await connection.fetch(EVENTS)]
    assert sorted(tags) == ["crm.one", "crm.two"]


async def test_a_read_only_transaction_keeps_its_own_error(connection: Connection) -> None:
    await publish(connection, CRM)
    await connection.execute("begin read only")

    with pytest.raises(asyncpg.ReadOnlySQLTransactionError, match="cannot execute ALTER TABLE"):
        await connection.execute("alter table crm.deal add column extra text")

    await connection.execute("rollback")


async def test_a_login_without_any_right_of_ours_can_change_what_is_its_own(
    database: Database, connection: Connection
) -> None:
    await connection.execute(
        "create role drift_dba login password 'only-for-tests'; "
        "create schema elsewhere authorization drift_dba"
    )
    other = await asyncpg.connect(database.url("drift_dba"))

    await other.execute("create table elsewhere.mine (id int); drop table elsewhere.mine")
    await other.close()
    await connection.execute("drop schema elsewhere")

    assert await connection.fetch(EVENTS) == []


async def test_whoever_listens_is_woken(database: Database, connection: Connection) -> None:
    await publish(connection, CRM)
    woken = asyncio.Semaphore(0)

    async def wake() -> None:
        woken.release()

    async with Listener(database.worker_url, {"qryvanta_ddl": wake}, seconds=60):
        await asyncio.wait_for(woken.acquire(), 5)  # The first time because it just connected.
        await connection.execute("alter table crm.deal add column extra text")
        await asyncio.wait_for(woken.acquire(), 5)


@asynccontextmanager
async def undone(connection: Connection) -> AsyncIterator[None]:
    """A transaction that is rolled back at the end."""
    transaction = connection.transaction()
    await transaction.start()
    yield
    await transaction.rollback()
