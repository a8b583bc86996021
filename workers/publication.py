"""The online steps of a publish: whoever asked for it waits, and lets the version go live."""

import asyncio
import logging
from uuid import UUID

import asyncpg
from pgqueuer import Job, PgQueuer

from server.database import rollout

PATIENCE = 30  # seconds until whoever asked has let go

logger = logging.getLogger("qryvanta.publication")


def register(queue: PgQueuer, url: str | None) -> None:
    """Make the job known to `queue`, with the login of the publisher; without one it is not taken."""
    if url is None:
        return

    @queue.entrypoint(rollout.ONLINE_JOB)
    async def make_ready(job: Job) -> None:
        await run(url, UUID((job.payload or b"").decode()))


async def run(url: str, publication_id: UUID) -> None:
    """Prepare a publication and run its online steps; what is refused is journaled with it."""
    # Not the login's own rights count, but those of the executor, also after a reset.
    connection = await asyncpg.connect(
        url, server_settings={"role": "qryvanta_ddl", "application_name": "qryvanta worker"}
    )
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
