"""Row security that is switched off by hand is on again within seconds, and somebody is told."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

import asyncpg
import pytest

from server import publication
from tests.database import Database
from tests.publishing import Connection, app, entity, field, publish
from tests.workers.test_process import appear, worker
from workers import row_security

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

CRM = app("crm", entity("deal", field("title"), ownership="owned"), entity("account", field("name")))
OPEN = "select kind, target from publish.alarm where repaired_at is null order by 1, 2"

WEAKENINGS = {
    "row_security_off": "alter table crm.deal disable row level security",
    "row_security_unforced": "alter table crm.deal no force row level security",
    "policy_missing": "drop policy admin_read on crm.deal",
    "policy_changed": "alter policy admin_read on crm.deal using (true)",
    "policy_foreign": "create policy wide on crm.deal using (true)",
}


@pytest.fixture
async def watching(database: Database, worker_pool: Pool) -> AsyncIterator[None]:
    """A worker that watches and would look by itself only after a minute."""
    async with row_security.watch(database.worker_url, worker_pool, seconds=60):
        yield


@pytest.mark.parametrize("kind", WEAKENINGS)
async def test_what_was_weakened_is_as_published_again(
    connection: Connection, watching: None, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    app_id = await publish(connection, CRM)

    await connection.execute(WEAKENINGS[kind])
    await until(lambda: mended(connection, kind))

    assert await publication.drift(connection, app_id) == []
    alarm = await connection.fetchrow("select * from publish.alarm where kind = $1", kind)
    assert alarm is not None
    assert (alarm["login"], alarm["query"]) == ("postgres", WEAKENINGS[kind])
    messages = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert any(WEAKENINGS[kind] in message and "as published again" in message for message in messages)


async def test_a_real_worker_notices_within_seconds(database: Database, connection: Connection) -> None:
    await publish(connection, CRM)
    with worker(database):
        await appear(connection)

        await connection.execute("alter table crm.deal disable row level security")
        await until(lambda: mended(connection, "row_security_off"))

    assert await connection.fetchval("select relrowsecurity from pg_class where oid = 'crm.deal'::regclass")


async def test_without_the_event_triggers_it_looks_by_itself(
    database: Database, connection: Connection, worker_pool: Pool
) -> None:
    await publish(connection, CRM)
    await connection.execute("drop event trigger qryvanta_ddl; drop event trigger qryvanta_drop")

    async with row_security.watch(database.worker_url, worker_pool, seconds=0.2):
        await connection.execute("alter table crm.deal disable row level security")
        await until(lambda: mended(connection, "row_security_off"))


async def test_a_weakening_that_is_not_committed_is_waited_for_by_nobody(
    connection: Connection, worker_pool: Pool
) -> None:
    await publish(connection, CRM)
    async with connection.transaction():
        await connection.execute("alter table crm.deal disable row level security")
        await asyncio.wait_for(row_security.restore(worker_pool), 5)

    await row_security.restore(worker_pool)

    assert await connection.fetch(OPEN) == []


async def test_the_dba_is_held_up_by_nothing(connection: Connection, watching: None) -> None:
    await publish(connection, CRM)

    async with asyncio.timeout(5):
        for _ in range(10):
            await connection.execute("alter table crm.deal disable row level security")
            await connection.execute("drop policy if exists admin_read on crm.deal")

    await until(lambda: mended(connection, "row_security_off"))
    await until(lambda: nothing_open(connection))


async def test_another_owner_is_an_alarm_that_stays_open_until_it_is_mended(
    connection: Connection, worker_pool: Pool
) -> None:
    app_id = await publish(connection, CRM)
    await connection.execute("alter table crm.deal owner to postgres")

    await row_security.restore(worker_pool)
    assert [tuple(row) for row in await connection.fetch(OPEN)] == [("owner_changed", "crm.deal")]
    assert await worker_pool.fetch("select * from publish.restore_row_security()") == []  # Said once.

    await publication.repair(connection, app_id)
    await row_security.restore(worker_pool)
    assert await connection.fetch(OPEN) == []


async def test_a_view_that_goes_round_the_policies_is_an_alarm(
    connection: Connection, worker_pool: Pool
) -> None:
    await publish(connection, CRM)
    await connection.execute("create view crm.all_deals as select title from crm.deal")
    await connection.execute(
        "create view crm.own_deals with (security_invoker = on) as select title from crm.deal"
    )

    await row_security.restore(worker_pool)

    assert [tuple(row) for row in await connection.fetch(OPEN)] == [("view_definer", "crm.all_deals")]


async def test_while_somebody_publishes_nothing_is_touched(connection: Connection, worker_pool: Pool) -> None:
    await publish(connection, CRM)
    await connection.execute("drop policy admin_read on crm.deal")
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(hashtext('qryvanta.publish'))")

        assert await worker_pool.fetch("select * from publish.restore_row_security()") == []

    assert len(await worker_pool.fetch("select * from publish.restore_row_security()")) == 1


async def test_a_table_in_use_is_mended_later(
    database: Database, connection: Connection, worker_pool: Pool
) -> None:
    await publish(connection, CRM)
    await connection.execute("alter table crm.deal disable row level security")
    reader = await asyncpg.connect(database.administrator_url)
    async with reader.transaction():
        await reader.fetch("select * from crm.deal")
        await row_security.restore(worker_pool)
        assert await connection.fetchval("select obstacle from publish.alarm") is not None
    await reader.close()

    await row_security.restore(worker_pool)

    assert await connection.fetch(OPEN) == []


async def test_a_published_app_raises_no_alarm(connection: Connection, worker_pool: Pool) -> None:
    app_id = await publish(connection, CRM)
    smaller = {**CRM, "entities": CRM["entities"][:1]}
    await publish(connection, smaller, allow_data_loss=True)

    assert await worker_pool.fetch("select * from publish.restore_row_security()") == []
    assert await publication.drift(connection, app_id) == []


async def test_the_worker_may_do_nothing_else_with_the_structure(
    connection: Connection, worker_pool: Pool
) -> None:
    await publish(connection, CRM)

    for statement in (
        "select publish.mend('policy_missing', 'crm', 'deal', 'admin_read')",
        "select * from publish.alarm",
        "delete from publish.ddl_event",
        "alter table crm.deal disable row level security",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await worker_pool.execute(statement)


async def mended(connection: Connection, kind: str) -> bool:
    return bool(
        await connection.fetchval(
            "select count(*) filter (where kind = $1) > 0 and bool_and(repaired_at is not null)"
            " from publish.alarm",
            kind,
        )
    )


async def nothing_open(connection: Connection) -> bool:
    return not await connection.fetch("select * from publish.row_security_fault()")


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while not await condition():
        assert asyncio.get_running_loop().time() < deadline, "waited in vain"
        await asyncio.sleep(0.02)
