"""Publishing in a worker: what a builder asks for, and the online steps for a command that waits."""

import asyncio
import logging
from uuid import UUID

import asyncpg
from pgqueuer import Job, PgQueuer

from server.database import publisher, rollout

REQUESTED_JOB = "publish.requested"
PATIENCE = 30  # seconds until whoever asked has let go

logger = logging.getLogger("qryvanta.publication")


def register(queue: PgQueuer, url: str | None) -> None:
    """Make the job known to `queue`, with the login of the publisher; without one it is not taken."""
    if url is None:
        return

    @queue.entrypoint(rollout.ONLINE_JOB)
    async def make_ready(job: Job) -> None:
        await run(url, UUID((job.payload or b"").decode()))

    @queue.entrypoint(REQUESTED_JOB)
    async def publish(job: Job) -> None:
        await fulfil(url, UUID((job.payload or b"").decode()))


async def connect(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    """A session of the publisher; the executor's rights count, not the login's own, also after a reset."""
    return await asyncpg.connect(
        url, server_settings={"role": "qryvanta_ddl", "application_name": "qryvanta worker"}
    )


async def fulfil(url: str, publication_id: UUID) -> None:
    """Publish what a builder asked for; what refuses it is the answer."""
    connection = await connect(url)
    try:
        asked = await connection.fetchrow(
            "select p.app_id, p.reason, p.allow_data_loss,"
            " set_config('qryvanta.user_id', p.requested_by_user_id::text, false)"
            " from publish.publication p where p.publication_id = $1 and p.state in ('requested', 'running')",
            publication_id,
        )
        if asked is None:
            return
        refused: Exception | None = None
        try:
            await publisher.publish(
                connection,
                asked["app_id"],
                asked["reason"],
                allow_data_loss=asked["allow_data_loss"],
                asked=publication_id,
            )
        except (asyncpg.PostgresError, publisher.BusyError, rollout.PublicationError) as error:
            if connection.is_closed():
                raise  # the job is taken up again
            refused = error
            await rollout.give_up(connection, publication_id, error)
        await connection.execute(
            "select publish.answer($1, $2, $3, $4)",
            publication_id,
            *(rollout.told(refused) if refused else (None, None, None)),
        )
        logger.info("publication %s: %s", publication_id, refused or "live")
    finally:
        await connection.close()


async def run(url: str, publication_id: UUID) -> None:
    """Prepare a publication and run its online steps; what is refused is journaled with it."""
    connection = await connect(url)
    try:
        app_id = await connection.fetchval(
            "select p.app_id from publish.publication p where p.publication_id = $1 and p.state = 'running'",
            publication_id,
        )
        if app_id is not None and await held(connection, app_id):
            await rollout.make_ready(connection, publication_id)
            logger.info("publication %s is ready to go live", publication_id)
    except (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError) as error:
        logger.error("publication %s failed: %s", publication_id, error)
    finally:
        await connection.close()


async def held(connection: "asyncpg.Connection[asyncpg.Record]", app_id: UUID) -> bool:
    """Whether we became the publisher of the app."""
    for _ in range(PATIENCE):
        if await connection.fetchval("select publish.hold($1)", app_id) is None:
            return True
        await asyncio.sleep(1)
    logger.warning("somebody else publishes the app %s", app_id)
    return False
