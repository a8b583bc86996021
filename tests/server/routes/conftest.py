"""The record API over a published shop."""

from collections.abc import AsyncIterator

import pytest

from tests.acting import Connection, member
from tests.database import Database
from tests.publishing import publish, tenant
from tests.server.routes.client import Client, running
from tests.server.routes.shop import SHOP


@pytest.fixture
async def shop(database: Database, connection: Connection) -> AsyncIterator[Client]:
    """A client of the tenant demo that may do everything in the shop."""
    await publish(connection, SHOP)
    tenant_id = await tenant(connection)
    user_id = await member(connection, tenant_id, "ann@example.org")
    async with running(database.server_url, tenant_id, user_id) as client:
        yield client
