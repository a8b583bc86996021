"""The worker's sign of life, which probes and `qryvanta doctor` read."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from uuid import UUID, uuid4

from asyncpg import InterfaceError, Pool, PostgresError, Record

SECONDS = 5.0

log = logging.getLogger("qryvanta.worker")

BEAT = """
insert into queue.worker (worker_id, host, process, version, publishes)
values ($1, $2, $3, $4, $5)
on conflict (worker_id) do update set beaten_at = now()
"""


@asynccontextmanager
async def heartbeat(
    pool: "Pool[Record]", seconds: float = SECONDS, *, publishes: bool = False
) -> AsyncIterator[UUID]:
    """Say every few seconds that this worker lives, and at the end that it went in order."""
    worker_id = uuid4()
    await _beat(pool, worker_id, publishes)
    task = asyncio.create_task(_keep_beating(pool, worker_id, seconds, publishes))
    try:
        yield worker_id
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        with suppress(PostgresError, InterfaceError, OSError):
            await pool.execute("delete from queue.worker where worker_id = $1", worker_id)


async def _keep_beating(pool: "Pool[Record]", worker_id: UUID, seconds: float, publishes: bool) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await _beat(pool, worker_id, publishes)
        except (PostgresError, InterfaceError, OSError, TimeoutError) as error:
            # The database may be back before the next beat; if not, the queue itself will end us.
            log.warning("no sign of life: %s", error)


async def _beat(pool: "Pool[Record]", worker_id: UUID, publishes: bool) -> None:
    await pool.execute(BEAT, worker_id, socket.gethostname(), os.getpid(), version("qryvanta"), publishes)
