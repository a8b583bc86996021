"""A server hears of a new model; when it cannot hear, it still finds out."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext

import pytest

from server.database.listener import Listener
from server.database.pool import open_pool
from server.model import Catalogue
from tests.acting import Connection, member
from tests.database import Database
from tests.publishing import app, entity, field, publish, tenant
from tests.server.routes.client import running

FIRST = app("shop", entity("item", field("name")))
SECOND = app("shop", entity("item", field("name"), field("colour")), entity("shelf", field("name")))
LISTENERS = "from pg_stat_activity where query like 'LISTEN%' and datname = current_database()"


async def eventually(happened: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(250):
        if await happened():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def knows(catalogue: Catalogue, entity: str) -> bool:
    app = catalogue.app("shop")
    return app is not None and entity in app.entities_by_name


async def listening(connection: Connection) -> bool:
    return bool(await connection.fetchval(f"select count(*) {LISTENERS}"))


async def test_a_second_catalogue_hears_of_a_publish(database: Database, connection: Connection) -> None:
    pool = await open_pool(database.server_url, 2)
    catalogue = Catalogue(pool)
    async with Listener(database.server_url, {"qryvanta_model": catalogue.refresh}, seconds=60):
        await publish(connection, FIRST)
        await eventually(lambda: knows(catalogue, "item"))
    await pool.close()


async def test_a_lost_notification_is_made_up_for_by_asking(
    database: Database, connection: Connection
) -> None:
    pool = await open_pool(database.server_url, 2)
    catalogue = Catalogue(pool)
    # Nothing is ever said on this channel, so only the clock can tell.
    async with Listener(database.server_url, {"deaf": catalogue.refresh}, seconds=0.1):
        await publish(connection, FIRST)
        await eventually(lambda: knows(catalogue, "item"))
    await pool.close()


async def test_a_listener_whose_connection_is_cut_connects_again(
    database: Database, connection: Connection
) -> None:
    pool = await open_pool(database.server_url, 2)
    catalogue = Catalogue(pool)
    async with Listener(database.server_url, {"qryvanta_model": catalogue.refresh}, seconds=0.3):
        await publish(connection, FIRST)
        await eventually(lambda: knows(catalogue, "item"))
        await connection.execute(f"select pg_terminate_backend(pid) {LISTENERS}")

        await publish(connection, SECOND)
        await eventually(lambda: knows(catalogue, "shelf"))
        await eventually(lambda: listening(connection))
    await pool.close()


async def test_a_listener_leaves_at_once_whenever_it_is_told(database: Database) -> None:
    async def nothing() -> None:
        await asyncio.sleep(0)

    for delay in [0, 0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03]:
        async with asyncio.timeout(4):
            async with Listener(database.server_url, {"deaf": nothing}):
                await asyncio.sleep(delay)


async def test_names_that_were_just_published_are_found_without_a_notification(
    database: Database, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.application.Listener", lambda *_: nullcontext())
    await publish(connection, FIRST)
    demo = await tenant(connection)
    ann = await member(connection, demo, "ann@example.org")
    async with running(database.server_url, demo, ann) as client:
        await publish(connection, SECOND)
        created = await client.ask("POST", "item", json={"name": "a", "colour": "red"})
        listed = await client.ask("GET", "shelf")

    assert (created.status_code, listed.status_code) == (201, 200)
