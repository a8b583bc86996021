import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest

from server.database.pool import open_pool
from server.installation.cluster import Cluster
from tests.database import Database
from tests.workers.staging import Base, prepared


@pytest.fixture
async def worker_pool(database: Database) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """A pool of the workers' login."""
    pool = await open_pool(database.worker_url, 8)
    yield pool
    await pool.close()


@pytest.fixture(scope="package")
def base(cluster: Cluster, template: str) -> Iterator[Base]:
    """A large table and a draft that changes all of it: made once, copied by each test."""
    made = prepared(cluster, template)
    # A loop of its own: the tests' loops begin and end with each of them.
    with ThreadPoolExecutor(1) as executor, asyncio.Runner() as runner:
        yield executor.submit(runner.run, made.__aenter__()).result()
        executor.submit(runner.run, made.__aexit__(None, None, None)).result()
