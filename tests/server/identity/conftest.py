"""People who may sign in, and a browser."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from server.identity.administration.tenant import create_tenant
from server.identity.administration.user import create_user
from tests.server.identity.gate import application
from tests.server.identity.visitor import EMAIL, PASSWORD, Visitor


@pytest.fixture
async def ann(connection: "asyncpg.Connection[asyncpg.Record]") -> str:
    """Ann, owner of the tenant acme."""
    await create_tenant(connection, "acme", "Acme Ltd")
    await create_user(connection, EMAIL, tenant="acme", password=PASSWORD, roles=("owner",))
    return EMAIL


@pytest.fixture
async def visitor(pool: "asyncpg.Pool[asyncpg.Record]", ann: str) -> AsyncIterator[Visitor]:
    """A browser that nobody signed in with yet."""
    app = application(pool, "http://app.example.com")
    transport = httpx.ASGITransport(app=app, client=("192.0.2.1", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://app.example.com") as client:
        yield Visitor(app, client)
