"""A worker as the process that it is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from tests.database import Database


async def test_a_worker_gives_signs_of_life_and_stops_in_order(
    database: Database, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    with worker(database) as process:
        await appear(connection)
        process.send_signal(signal.SIGTERM)
        status = process.wait(15)

    assert status == 0
    assert await connection.fetchval("select count(*) from queue.worker") == 0


async def test_a_worker_ends_when_the_database_goes(
    database: Database, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    with worker(database) as process:
        await appear(connection)
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'qryvanta_worker'"
        )
        status = process.wait(30)

    assert status == 3


def test_without_an_address_it_says_which_setting_is_missing() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "workers"], capture_output=True, text=True, check=False, env=environment(None)
    )

    assert result.returncode == 3
    assert result.stderr == "Error: QRYVANTA_WORKER_DATABASE_URL is not set\n"


def test_without_a_database_it_says_so_in_one_line() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "workers"],
        capture_output=True,
        text=True,
        check=False,
        env=environment("postgresql://qryvanta_worker@127.0.0.1:1/nowhere"),
    )

    assert result.returncode == 3
    assert len(result.stderr.splitlines()) == 1


@contextmanager
def worker(database: Database) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, "-m", "workers"], env=environment(database.worker_url))
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def appear(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Wait until a worker gave its first sign of life and took up its work."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        # Its first jobs went through: so it listens.
        if await connection.fetchval("select count(*) from queue.pgqueuer_log where status = 'successful'"):
            state = await connection.fetchrow("select * from api.queue_state()")
            assert state is not None
            assert state["worker_seen_at"] is not None
            return
    raise AssertionError("no worker appeared")


def environment(url: str | None) -> dict[str, str]:
    names = {name: value for name, value in os.environ.items() if not name.startswith("QRYVANTA_")}
    return names | ({"QRYVANTA_WORKER_DATABASE_URL": url} if url else {})
