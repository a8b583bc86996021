"""Row security that somebody switched off is switched on again, and said loudly."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asyncpg import DeadlockDetectedError, LockNotAvailableError, Pool, Record

from server.database.listener import Listener

CHANNEL = "qryvanta_ddl"

# Without the event triggers, which need a superuser, nobody wakes us: then this bounds the time.
SECONDS = 15.0

logger = logging.getLogger("qryvanta.alarm")


@asynccontextmanager
async def watch(url: str, pool: "Pool[Record]", seconds: float = SECONDS) -> AsyncIterator[None]:
    """Look after every change of the structure, and every `seconds`."""

    async def look() -> None:
        await restore(pool)

    async with Listener(url, {CHANNEL: look}, seconds):
        yield


async def restore(pool: "Pool[Record]") -> None:
    """Mend what is not as published; log each alarm that is new or over."""
    try:
        alarms = await pool.fetch("select * from publish.restore_row_security()")
    except (LockNotAvailableError, DeadlockDetectedError):
        # Somebody is changing a table right now. The end of that change, or the clock, wakes us again.
        return
    for alarm in alarms:
        who = f" by {alarm['login']}: {alarm['query']}" if alarm["login"] else ""
        outcome = "it is as published again" if alarm["repaired_at"] else f"NOT mended: {alarm['obstacle']}"
        logger.error("%s: %s%s; %s", alarm["target"], alarm["what"], who, outcome)
