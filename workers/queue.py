"""The queue with every job of ours; pgqueuer is known in this module and in those that register jobs."""

import os
from datetime import timedelta

from asyncpg import InterfaceError, Pool, Record
from pgqueuer import PgQueuer
from pgqueuer.domain.errors import FailingListenerError
from pgqueuer.domain.types import Channel

from workers import maintenance, publication

CHANNEL = "qryvanta_queue"

# pgqueuer reads the names of its objects from the environment, once per process.
NAMES = {"PGQUEUER_SCHEMA": "queue", "PGQUEUER_CHANNEL": CHANNEL}

# A killed worker's jobs are taken over within the sum of both.
HEARTBEAT_TIMEOUT = timedelta(seconds=10)
DEQUEUE_TIMEOUT = timedelta(seconds=2)
BATCH = 50
MOST_AT_ONCE = 500


def build(pool: "Pool[Record]", publisher_url: str | None = None) -> PgQueuer:
    """A queue on `pool` (two connections or more: one listens) that knows every job."""
    os.environ.update(NAMES)
    queue = PgQueuer.from_asyncpg_pool(pool, channel=Channel(CHANNEL))
    maintenance.register(queue, pool)
    publication.register(queue, publisher_url)
    return queue


async def run(queue: PgQueuer) -> None:
    """Work until `queue.shutdown` is set; raises ConnectionError when the listening connection is lost."""
    try:
        await queue.run(
            dequeue_timeout=DEQUEUE_TIMEOUT,
            heartbeat_timeout=HEARTBEAT_TIMEOUT,
            batch_size=BATCH,
            max_concurrent_tasks=MOST_AT_ONCE,
            # The driver does not reconnect: end, and let the supervisor start a new process.
            shutdown_on_listener_failure=True,
        )
    except (FailingListenerError, InterfaceError) as error:
        raise ConnectionError("the connection that listens for jobs was lost") from error
