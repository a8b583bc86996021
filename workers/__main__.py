"""Run one worker: `python -m workers`."""

import asyncio
import logging
import signal
import sys

import uvloop
from asyncpg import PostgresError
from pgqueuer import PgQueuer

from server.database.pool import open_pool
from server.settings import SettingsError, load
from workers import log, maintenance, row_security
from workers.heartbeat import heartbeat
from workers.queue import build, run

DRAIN_SECONDS = 20.0
CONNECTIONS = 8
UNUSABLE = 3  # exit code: no usable database

logger = logging.getLogger("qryvanta.worker")


def main() -> None:
    """Work until SIGTERM or SIGINT; exit code 3 when the database cannot be used."""
    try:
        settings = load()
        log.configure(settings.log)
        uvloop.run(work(settings.required("worker_database_url"), settings.publisher_database_url))
    except (SettingsError, PostgresError, OSError) as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(UNUSABLE)


async def work(url: str, publisher_url: str | None = None) -> None:
    """Run jobs of the database at `url` until a signal asks to stop."""
    pool = await open_pool(url, CONNECTIONS)
    try:
        publishes = publisher_url is not None
        async with heartbeat(pool, publishes=publishes) as worker_id, row_security.watch(url, pool):
            queue = build(pool, publisher_url)
            _stop_on_signal(queue)
            await maintenance.enqueue(pool)
            logger.info("worker %s is at work", worker_id)
            await _run_until_drained(queue)
    finally:
        pool.terminate()
    logger.info("worker %s stopped", worker_id)


async def _run_until_drained(queue: PgQueuer) -> None:
    """Run; after the signal wait for jobs that run, but not for ever: they are safe to run again."""
    running = asyncio.create_task(run(queue))
    waiting = asyncio.create_task(queue.shutdown.wait())
    await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    done, _ = await asyncio.wait((running,), timeout=DRAIN_SECONDS)
    if done:
        await running
        return
    logger.warning("jobs did not end within %s s; they will run again", DRAIN_SECONDS)
    running.cancel()


def _stop_on_signal(queue: PgQueuer) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, queue.shutdown.set)


if __name__ == "__main__":
    main()
