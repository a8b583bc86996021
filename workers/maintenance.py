"""Housekeeping, once an hour and at the start: what would otherwise only grow, or be missing one day."""

from asyncpg import Pool, Record
from pgqueuer import Job, PgQueuer
from pgqueuer.models import Schedule

from server.database.session import gateway

HOURLY = "17 * * * *"
JOBS = (
    "audit.create_partitions",
    "session.purge",
    "storage.purge",
    "queue.prune",
    "publish.forget_ddl_events",
)

# A duplicate of a job that waits or runs is no job; the predicate is that of the unique index.
ENQUEUE = """
insert into queue.pgqueuer (priority, entrypoint, dedupe_key, status)
select 0, job, job, 'queued'
from unnest($1::text[]) as job
on conflict (dedupe_key) where ((status = any(array[
    'queued'::queue.pgqueuer_status, 'picked'::queue.pgqueuer_status
])) and (dedupe_key is not null))
do nothing
"""

# Two months ahead: a worker that was away for weeks is still in time.
CREATE_PARTITIONS = """
select audit.ensure_partition((date_trunc('month', current_date) + make_interval(months => ahead))::date)
from generate_series(0, 2) as ahead
"""

PRUNE = """
with pruned as (delete from queue.pgqueuer_log where created < now() - interval '7 days'),
counted as (delete from queue.pgqueuer_statistics where created < now() - interval '30 days')
delete from queue.worker where beaten_at < now() - interval '1 hour'
"""


def register(queue: PgQueuer, pool: "Pool[Record]") -> None:
    """Make the housekeeping jobs known to `queue`."""

    @queue.entrypoint("audit.create_partitions")
    async def create_partitions(job: Job) -> None:
        await pool.execute(CREATE_PARTITIONS)

    @queue.entrypoint("session.purge")
    async def purge_sessions(job: Job) -> None:
        async with gateway(pool) as connection:
            await connection.execute("select api.purge_sessions()")

    @queue.entrypoint("storage.purge")
    async def purge_files(job: Job) -> None:
        async with gateway(pool) as connection:
            await connection.execute("select storage.purge()")

    @queue.entrypoint("queue.prune")
    async def prune(job: Job) -> None:
        await pool.execute(PRUNE)

    @queue.entrypoint("publish.forget_ddl_events")
    async def forget_ddl_events(job: Job) -> None:
        await pool.execute("select publish.forget_ddl_events()")

    @queue.schedule("maintenance.enqueue", HOURLY)
    async def hourly(schedule: Schedule) -> None:
        await enqueue(pool)


async def enqueue(pool: "Pool[Record]") -> None:
    """Ask for one run of every housekeeping job."""
    await pool.execute(ENQUEUE, list(JOBS))
