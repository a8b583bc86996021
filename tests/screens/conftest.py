"""The application on Northwind, and people who are signed in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette

from server.application import create_application
from tests.database import Database
from tests.screens.person import Person
from tests.traders import PASSWORD_OF_PEOPLE, settings_of

SignIn = Callable[..., Awaitable[Person]]


@pytest.fixture
async def application(traders: Database) -> AsyncIterator[Starlette]:
    made = create_application(settings_of(traders))
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def sign_in(application: Starlette) -> AsyncIterator[SignIn]:
    """Sign somebody in; without an address, a visitor."""
    async with AsyncExitStack() as stack:

        async def open_client(email: str = "mara@example.org") -> Person:
            transport = ASGITransport(application)
            client = await stack.enter_async_context(
                AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
            )
            person = Person(client)
            if email:
                await person.sign_in(email, PASSWORD_OF_PEOPLE)
            return person

        yield open_client


@pytest.fixture
async def administrator(traders: Database) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """The administrator's connection to the same database."""
    connection = await asyncpg.connect(traders.administrator_url)
    yield connection
    await connection.close()
