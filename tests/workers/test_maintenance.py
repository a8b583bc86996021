"""Housekeeping through the real queue."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg

from tests.publishing import tenant
from workers import maintenance
from workers.queue import build, run


async def test_the_next_months_have_a_partition_of_the_change_log(
    connection: "asyncpg.Connection[asyncpg.Record]", worker_pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    last = await connection.fetchval(
        "select 'audit.change_' || to_char(now() at time zone 'UTC' + interval '2 months', 'YYYY_MM')"
    )
    await connection.execute(f"drop table if exists {last}")

    async with working(worker_pool):
        await maintenance.enqueue(worker_pool)
        await until(lambda: done(connection, "audit.create_partitions"))

    assert await connection.fetchval("select to_regclass($1) is not null", last)


async def test_sessions_that_ended_long_ago_are_forgotten(
    connection: "asyncpg.Connection[asyncpg.Record]", worker_pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    await connection.execute(
        """
        with t as (
            insert into tenancy.tenant (name, label) values ('acme', 'Acme') returning tenant_id
        ), a as (
            insert into identity.account (email, password_hash, name)
            values ('ann@example.com', '$argon2id$v=19$m=1,t=1,p=1$c2FsdHNhbHQ$aGFzaA', 'Ann')
            returning user_id
        ), m as (
            insert into identity.member (tenant_id, user_id, name, email)
            select t.tenant_id, a.user_id, 'Ann', 'ann@example.com' from t, a
            returning tenant_id, user_id
        )
        insert into identity.session (kind, tenant_id, user_id, created_at, expires_at, idle_limit)
        select 'browser', m.tenant_id, m.user_id, now() - interval '1 year', ending, interval '1 hour'
        from m, unnest(array[now() - interval '31 days', now() + interval '1 hour']) as ending
        """
    )

    async with working(worker_pool):
        await maintenance.enqueue(worker_pool)
        await until(lambda: done(connection, "session.purge"))

    assert await connection.fetchval("select count(*) from identity.session") == 1


async def test_the_log_of_jobs_is_pruned(
    connection: "asyncpg.Connection[asyncpg.Record]", worker_pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    await connection.execute(
        "insert into queue.pgqueuer_log (created, job_id, status, priority, entrypoint)"
        " values (now() - interval '8 days', 1, 'successful', 0, 'old')"
    )

    async with working(worker_pool):
        await maintenance.enqueue(worker_pool)
        await until(lambda: done(connection, "queue.prune"))

    assert await connection.fetchval("select count(*) from queue.pgqueuer_log where entrypoint = 'old'") == 0


async def test_changes_by_hand_are_forgotten_after_a_year(
    connection: "asyncpg.Connection[asyncpg.Record]", worker_pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    await connection.execute(
        "insert into publish.ddl_event (at, login, program, tag, by_publisher, query)"
        " select now() - age, 'dba', 'psql', 'GRANT', false, ''"
        " from unnest(array[interval '370 days', interval '300 days']) as age"
    )

    async with working(worker_pool):
        await maintenance.enqueue(worker_pool)
        await until(lambda: done(connection, "publish.forget_ddl_events"))

    assert await connection.fetchval("select count(*) from publish.ddl_event where login = 'dba'") == 1


async def test_uploads_that_no_record_took_are_forgotten(
    connection: "asyncpg.Connection[asyncpg.Record]", worker_pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    tenant_id = await tenant(connection)
    await connection.execute(
        "insert into storage.file (tenant_id, name, type, created_at)"
        " select $1, 'a', 'text/plain', now() - age"
        " from unnest(array[interval '2 days', interval '2 hours']) as age",
        tenant_id,
    )

    async with working(worker_pool):
        await maintenance.enqueue(worker_pool)
        await until(lambda: done(connection, "storage.purge"))

    assert await connection.fetchval("select count(*) from storage.file") == 1


async def test_a_job_that_waits_is_not_asked_for_twice(worker_pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    await maintenance.enqueue(worker_pool)
    await maintenance.enqueue(worker_pool)

    assert await worker_pool.fetchval("select count(*) from queue.pgqueuer") == len(maintenance.JOBS)


@asynccontextmanager
async def working(pool: "asyncpg.Pool[asyncpg.Record]") -> AsyncIterator[None]:
    """A worker at work meanwhile."""
    queue = build(pool)
    task = asyncio.create_task(run(queue))
    try:
        yield
    finally:
        queue.shutdown.set()
        await asyncio.wait_for(task, 10)


async def done(connection: "asyncpg.Connection[asyncpg.Record]", entrypoint: str) -> bool:
    """Whether a job of this kind succeeded."""
    return bool(
        await connection.fetchval(
            "select exists (select from queue.pgqueuer_log where entrypoint = $1 and status = 'successful')",
            entrypoint,
        )
    )


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while not await condition():
        assert asyncio.get_running_loop().time() < deadline, "waited in vain"
