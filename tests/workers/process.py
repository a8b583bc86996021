"""A worker process of a test."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from server.database import rollout
from tests.database import PASSWORD, Database
from tests.publishing import Connection


def publisher_url(database: Database) -> str:
    return f"postgresql://qryvanta_publisher:{PASSWORD}@{database.host}:{database.port}/{database.name}"


@contextmanager
def worker(database: Database) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        **os.environ,
        "QRYVANTA_WORKER_DATABASE_URL": database.worker_url,
        "QRYVANTA_PUBLISHER_DATABASE_URL": publisher_url(database),
    }
    process = subprocess.Popen([sys.executable, "-m", "workers"], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def beating(connection: Connection) -> None:
    deadline = time.monotonic() + 60
    while not await rollout.worker_beats(connection):
        assert time.monotonic() < deadline, "no worker gave a sign of life"
        await connection.execute("select pg_sleep(0.1)")
