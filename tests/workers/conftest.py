from collections.abc import AsyncIterator

import asyncpg
import pytest

from server.database.pool import open_pool
from tests.database import Database


@pytest.fixture
async def worker_pool(database: Database) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """A pool of the workers' login."""
    pool = await open_pool(database.worker_url, 8)
    yield pool
    await pool.close()
