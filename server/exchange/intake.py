"""An import: one transaction that stages a file, writes what it can, and says what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from asyncpg import Connection, PostgresError, Record

from server.database.actor import Actor
from server.exchange.become import become
from server.exchange.cleaning import clean
from server.exchange.diagnosis import diagnose
from server.exchange.plan import Plan
from server.exchange.rejects import Reject, first_rejects, write_rejects
from server.exchange.staging import stage
from server.exchange.uniqueness import doubtful, recycled_ids
from server.exchange.write import Counts, write

# A key that stands twice, data exceptions, broken constraints, and records that may not be touched,
# such as those in the recycle bin.
DATA_ERRORS = ("21", "22", "23", "42501")
SHOWN = 100


@dataclass(frozen=True)
class Outcome:
    """What became of the lines of a file; `kept` is false when nothing was written."""

    lines: int
    counts: Counts
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)
    kept: bool = True


@dataclass(frozen=True)
class Options:
    """How to import: `rejects` is where bad lines go, so that the good ones may go in."""

    time_zone: str = "UTC"
    dry_run: bool = False
    rejects: Path | None = None
    advance: Callable[[int], None] = lambda size: None


async def take_in(
    connection: "Connection[Record]", plan: Plan, file: Path, actor: Actor, options: Options
) -> Outcome:
    """Import `file` as `actor`; raises FileError when it is no CSV, PostgresError when it is refused whole.

    `connection` is the worker's login. All lines are written or, unless `options.rejects` is given, none.
    """
    transaction = connection.transaction()
    await transaction.start()
    try:
        lines = await stage(connection, file, plan.header, actor.role, options.advance)
        await clean(connection, plan)
        await become(connection, actor, options.time_zone)
        outcome = await _write_good(connection, plan, lines, actor.role, options)
    except BaseException:
        await transaction.rollback()
        raise
    await (transaction.commit() if outcome.kept else transaction.rollback())
    return outcome


async def _write_good(
    connection: "Connection[Record]", plan: Plan, lines: int, role: str, options: Options
) -> Outcome:
    try:
        counts = await _attempt(connection, plan, lines)
        if counts:
            await _write_rejects(connection, plan, options)
            return Outcome(lines, counts, kept=not options.dry_run)
        cause = None
    except PostgresError as error:
        if not (error.sqlstate or "").startswith(DATA_ERRORS):
            raise
        cause = error
    await diagnose(connection, plan, role)
    rejected = await connection.fetchval("select count(*) from pg_temp.import_reject")
    if not rejected and cause:
        raise cause
    rejects = await first_rejects(connection, plan.header, SHOWN)
    await _write_rejects(connection, plan, options)
    counts = await _attempt(connection, plan, lines - rejected) if options.rejects else None
    kept = counts is not None and not options.dry_run
    return Outcome(lines, counts or Counts(0, 0, 0), rejected, rejects, kept)


async def _attempt(connection: "Connection[Record]", plan: Plan, lines: int) -> Counts | None:
    """Write all staged lines; None when something in them would go wrong unnoticed."""
    async with connection.transaction():
        if recycled := recycled_ids(plan):
            await connection.execute(recycled)
        if await connection.fetchval(doubtful(plan)):
            return None
        return await write(connection, plan, lines)


async def _write_rejects(connection: "Connection[Record]", plan: Plan, options: Options) -> None:
    if options.rejects:
        await write_rejects(connection, plan.header, options.rejects)
