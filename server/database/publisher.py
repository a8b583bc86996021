"""Publishing a draft: who may at a time, what comes online first, and the end in one transaction."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import asyncpg

from server.database import rollout
from server.database.rollout import Connection

PATIENCE = 10  # seconds to wait for another publisher


class BusyError(Exception):
    """Somebody else publishes the app."""


async def publish(
    connection: Connection,
    app_id: UUID,
    reason: str | None = None,
    *,
    allow_data_loss: bool = False,
    report: rollout.Report = rollout.unreported,
    asked: UUID | None = None,
) -> list[asyncpg.Record]:
    """Publish the draft, whole or not at all; the steps that ran. `asked` is the request that it fulfils.

    Raises BusyError, rollout.PublicationError, and what the database refuses (publish.open).
    """
    async with holding(connection, app_id):
        opened = await connection.fetchrow(
            "select o.* from publish.open($1, $2, $3, $4) o", app_id, reason, allow_data_loss, asked
        )
        assert opened is not None, "it opens one or raises"
        publication_id, builds = opened
        await rollout.unbuild(connection, app_id)  # what an earlier draft left behind
        if not builds:
            with suppress(rollout.OnlineFirstError):
                return await rollout.go_live(connection, publication_id)
        # New roles and tables are made here; what follows can be a worker's.
        if not await rollout.begin(connection, publication_id, report):
            with suppress(rollout.OnlineFirstError):
                return await rollout.go_live(connection, publication_id)
        # Who fulfils a request is a worker.
        if asked or not await rollout.worker_beats(connection):
            return await rollout.publish(connection, publication_id, report)
    await rollout.hand_over(connection, publication_id)
    await rollout.watch(connection, publication_id, report)
    async with holding(connection, app_id):
        # What a worker that ended left undone is done here.
        return await rollout.publish(connection, publication_id, report)


@asynccontextmanager
async def holding(connection: Connection, app_id: UUID) -> AsyncIterator[None]:
    """Be the publisher of an app; raises BusyError when somebody else is it for long."""
    for attempt in range(PATIENCE):
        holder = await connection.fetchval("select publish.hold($1)", app_id)
        if holder is None:
            break
        if attempt == PATIENCE - 1:
            raise BusyError(f"the app is being published by {holder}")
        await asyncio.sleep(1)
    try:
        yield
    finally:
        if not connection.is_closed():
            await connection.execute("select publish.let_go($1)", app_id)
