"""Publishing while people work: what is prepared, done online, and goes live. The plan is in SQL.

A plan is a question to the catalogue: to go on after a crash is to ask again. So nothing is kept here.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TypeAlias
from uuid import UUID

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

ONLINE_FIRST = "QP006"
ONLINE_JOB = "publish.online"
LOOK_SECONDS = 0.3  # how often whoever waits for a worker looks
ATTEMPTS = 8
LONGEST_WAIT = 10.0  # seconds
STEPS_AT_ONCE = 500  # that one transaction prepares: each takes a handful of locks at most
BATCH_SECONDS = 0.01  # how long a batch may hold the rows that it writes, and the processor
REST = 2  # times as long nothing is filled: whoever works meanwhile hardly notices
SMALLEST_BATCH, LARGEST_BATCH = 100, 20_000


@dataclass(frozen=True)
class Progress:
    """How far an online step is; `rows_total` is an estimate, both None where nothing is counted."""

    kind: str
    target: str
    rows_done: int | None = None
    rows_total: int | None = None
    rate: float | None = None  # rows a second

    @property
    def seconds_left(self) -> float | None:
        """An estimate; None where nothing is counted."""
        if not self.rate or self.rows_total is None or self.rows_done is None:
            return None
        return max(0, self.rows_total - self.rows_done) / self.rate


class OnlineFirstError(Exception):
    """Large tables must be changed before the version can go live."""


class PublicationError(Exception):
    """A worker met what refuses the publication; the message says what."""


Report: TypeAlias = Callable[[Progress], None]


def unreported(progress: Progress) -> None:
    """Nobody watches."""


async def publish(
    connection: Connection, publication_id: UUID, report: Report = unreported
) -> list[asyncpg.Record]:
    """Bring a publication to its end, here; all its steps.

    Raises what the database refuses, with nothing live.
    """
    await make_ready(connection, publication_id, report)
    return await go_live(connection, publication_id)


async def go_live(connection: Connection, publication_id: UUID) -> list[asyncpg.Record]:
    """The last transaction: the version goes live. Raises OnlineFirstError while online steps are left."""
    async with failing(connection, publication_id):
        try:
            return await patiently(connection, "select f.* from publish.finish($1) f", publication_id)
        except asyncpg.PostgresError as error:
            if error.sqlstate == ONLINE_FIRST:
                raise OnlineFirstError from error
            raise


async def worker_beats(connection: Connection) -> bool:
    """Whether a worker lives that can run online steps."""
    return bool(await connection.fetchval("select queue.can_publish()"))


async def hand_over(connection: Connection, publication_id: UUID) -> None:
    """Ask the workers to run the online steps."""
    await connection.execute(
        """
        insert into queue.pgqueuer (priority, entrypoint, payload, dedupe_key, status)
        select 0, $1, convert_to($2::text, 'UTF8'), $1 || ':' || $2, 'queued'
        on conflict (dedupe_key) where ((status = any(array[
            'queued'::queue.pgqueuer_status, 'picked'::queue.pgqueuer_status
        ])) and (dedupe_key is not null))
        do nothing
        """,
        ONLINE_JOB,
        str(publication_id),
    )


async def watch(connection: Connection, publication_id: UUID, report: Report = unreported) -> None:
    """Wait until the workers are done with a publication, or gone; raises PublicationError."""
    while True:
        row = await connection.fetchrow(
            """
            select p.*, exists (
                select from queue.pgqueuer j
                where j.dedupe_key = $2 || ':' || $1 and j.status in ('queued', 'picked')
            ) as waits
            from publish.progress p
            where p.publication_id = $1::uuid
            """,
            str(publication_id),
            ONLINE_JOB,
        )
        assert row is not None, "a publication is not deleted"
        if row["state"] == "failed":
            raise PublicationError(row["fault"])
        if row["kind"]:
            rate = None if row["rows_per_second"] is None else float(row["rows_per_second"])
            report(Progress(row["kind"], row["target"], row["rows_done"], row["rows_total"], rate))
        if not row["waits"] or not await worker_beats(connection):
            return
        await asyncio.sleep(LOOK_SECONDS)


async def make_ready(connection: Connection, publication_id: UUID, report: Report = unreported) -> None:
    """Prepare, then run every online step; each is journaled and can be repeated."""
    async with failing(connection, publication_id):
        # A plan of a large app takes its time: asked again when all of it is done, not after each step.
        while steps := await prepare(connection, publication_id, report):
            for step in steps:
                await run_online(connection, publication_id, step, report)


async def begin(connection: Connection, publication_id: UUID, report: Report = unreported) -> bool:
    """Run the phase "prepare" alone; whether online steps are left."""
    async with failing(connection, publication_id):
        return bool(await prepare(connection, publication_id, report))


async def prepare(connection: Connection, publication_id: UUID, report: Report) -> list[asyncpg.Record]:
    """Run the steps of the phase "prepare", many to a transaction; the online steps that follow."""
    while True:
        steps = await patiently(connection, "select s.* from publish.take_up($1) s", publication_id)
        ahead = [step for step in steps if step["phase"] == "prepare"]
        if not ahead:
            return steps
        # Once they are done, what is left is planned anew.
        for first in range(0, len(ahead), STEPS_AT_ONCE):
            some = [tuple(step) for step in ahead[first : first + STEPS_AT_ONCE]]
            await patiently(connection, "select publish.prepare($1, $2)", publication_id, some)
            report(Progress("prepare", ahead[first]["target"], first + len(some), len(ahead)))
        await patiently(connection, "select publish.settle_built($1)", publication_id)
        if len(ahead) == len(steps):
            return []


async def run_online(
    connection: Connection, publication_id: UUID, step: asyncpg.Record, report: Report
) -> None:
    """One online step, by itself, journaled before and after."""
    step_id = await connection.fetchval("select publish.begin_step($1, $2)", publication_id, tuple(step))
    report(Progress(step["kind"], step["target"]))
    try:
        if step["kind"] == "fill":
            await fill(connection, step, report)
        else:
            await alone(connection, step["statement"])
    except asyncpg.PostgresError as error:
        await connection.execute("select publish.end_step($1, $2)", step_id, str(error))
        raise
    await connection.execute("select publish.end_step($1, null)", step_id)


async def alone(connection: Connection, statement: str) -> None:
    """Run a statement outside of a transaction, as the executor, who sees the rows of all tenants."""
    # A time-out would leave an invalid index behind. One processor at most: the others serve.
    await connection.execute(
        "set role qryvanta_ddl; set lock_timeout = 0; set statement_timeout = 0;"
        " set max_parallel_maintenance_workers = 0; set max_parallel_workers_per_gather = 0"
    )
    try:
        await connection.execute("set qryvanta.publish = 'on'")
        await connection.execute(statement)
    finally:
        await connection.execute(
            "reset role; reset lock_timeout; reset statement_timeout; reset qryvanta.publish;"
            " reset max_parallel_maintenance_workers; reset max_parallel_workers_per_gather"
        )


async def fill(connection: Connection, step: asyncpg.Record, report: Report) -> None:
    """Fill prepared columns in batches, each short enough that nobody waits for its rows."""
    size = 1000
    while True:
        started = monotonic()
        rows = await patiently(
            connection,
            "select a.* from publish.advance($1, $2, $3) a",
            step["target"],
            step["statement"],
            size,
        )
        taken = max(monotonic() - started, 0.001)
        done = rows[0]
        report(Progress(step["kind"], step["target"], done["rows_done"], done["rows_total"], size / taken))
        if done["finished"]:
            return
        size = min(max(int(size * BATCH_SECONDS / taken), SMALLEST_BATCH), LARGEST_BATCH)
        await asyncio.sleep(REST * taken)


@asynccontextmanager
async def failing(connection: Connection, publication_id: UUID) -> AsyncIterator[None]:
    """Journal what the database refuses in the block."""
    try:
        yield
    except asyncpg.PostgresError as error:
        await fail(connection, publication_id, error)
        raise


async def fail(connection: Connection, publication_id: UUID, error: asyncpg.PostgresError) -> None:
    """Journal why it was refused, unless the next attempt can go on from here."""
    if not connection.is_closed() and not isinstance(
        error, asyncpg.LockNotAvailableError | asyncpg.OperatorInterventionError
    ):
        await give_up(connection, publication_id, error)


async def give_up(connection: Connection, publication_id: UUID, error: Exception) -> None:
    """Journal why, and take away what was prepared, so that no rule holds which is not published."""
    app_id = await connection.fetchval("select publish.fail($1, $2, $3, $4)", publication_id, *told(error))
    if app_id is not None:
        await patiently(connection, "select publish.clear($1)", app_id)
        await unbuild(connection, app_id)


def told(error: Exception) -> tuple[str, str | None, str | None]:
    """The words of an error, its SQLSTATE and its details."""
    if isinstance(error, asyncpg.PostgresError):
        return error.message or str(error), error.sqlstate, error.detail
    return str(error), None, None


async def unbuild(connection: Connection, app_id: UUID) -> None:
    """Drop the tables that publications built which never went live."""
    while (await patiently(connection, "select publish.unbuild($1)", app_id))[0]["unbuild"]:
        pass


async def patiently(connection: Connection, statement: str, *arguments: object) -> list[asyncpg.Record]:
    """Run `statement` in a transaction; when a lock is not to be had in time, wait and try again.

    A short lock timeout keeps readers from queueing behind us, the random wait keeps two publishers apart.
    """
    for attempt in range(ATTEMPTS):
        try:
            async with connection.transaction():
                return await connection.fetch(statement, *arguments)
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            if attempt == ATTEMPTS - 1:
                raise
            await asyncio.sleep(min(LONGEST_WAIT, 0.2 * 2**attempt) * random.uniform(0.5, 1.0))
    raise AssertionError("unreachable")
