"""What one transaction was told is unknown to the next on the same connection, however the first ended."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from server.database.actor import Actor
from server.database.pool import open_pool
from server.database.session import transaction
from tests.acting import Connection, acting, member
from tests.database import Database
from tests.publishing import app, entity, field, publish, tenant
from tests.server.routes.client import running

SHOP = app("shop", entity("item", field("name", required=True)))
NAMES = "select array_agg(name order by name) from shop.item"
TOLD = """
    select current_user::text || ' ' || coalesce(current_setting('qryvanta.tenant_id', true), '')
    || ' ' || coalesce(current_setting('qryvanta.deleted', true), '')
"""


def actor(tenant_id: UUID) -> Actor:
    return Actor(tenant_id, None, "shop__owner", "api", uuid4().hex)


async def fail(pool: "asyncpg.Pool[asyncpg.Record]", tenant_id: UUID) -> None:
    async with transaction(pool, actor(tenant_id)) as connection:
        await connection.execute("insert into shop.item (name) values ('half done')")
        await connection.execute("insert into shop.item (name) values (null)")


@pytest.fixture
async def tenants(connection: Connection) -> list[UUID]:
    """Two tenants, each with an item of its name."""
    await publish(connection, SHOP)
    found = []
    for name in ("demo", "other"):
        found.append(await tenant(connection, name))
        async with acting(connection, "shop__owner", found[-1]):
            await connection.execute("insert into shop.item (name) values ($1)", name)
    return found


async def test_tenants_that_share_one_connection_see_their_own_rows_whatever_went_wrong_between(
    database: Database, tenants: list[UUID]
) -> None:
    pool = await open_pool(database.server_url, 1)
    for _ in range(3):
        for tenant_id, name in zip(tenants, ("demo", "other"), strict=True):
            async with transaction(pool, actor(tenant_id), "read only") as connection:
                assert await connection.fetchval(NAMES) == [name]
            with pytest.raises(asyncpg.NotNullViolationError):
                await fail(pool, tenant_id)
    await pool.close()


@pytest.mark.parametrize("statement", ["select pg_sleep(20)", None])
async def test_a_cancelled_request_leaves_nothing_behind(
    database: Database, tenants: list[UUID], statement: str | None
) -> None:
    pool = await open_pool(database.server_url, 1)
    begun = asyncio.Event()

    async def request() -> None:
        async with transaction(pool, actor(tenants[0])) as connection:
            await connection.execute("insert into shop.item (name) values ('half done')")
            begun.set()
            await (connection.execute(statement) if statement else asyncio.sleep(20))

    task = asyncio.create_task(request())
    await begun.wait()
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async with pool.acquire(timeout=5) as connection:
        assert await connection.fetchval(TOLD) == "qryvanta_server  "
    for tenant_id, name in zip(tenants, ("demo", "other"), strict=True):
        async with transaction(pool, actor(tenant_id)) as connection:
            assert await connection.fetchval(NAMES) == [name]
    await pool.close()


async def test_while_the_database_is_away_a_request_is_told_when_to_come_back(
    database: Database, connection: Connection, tenants: list[UUID]
) -> None:
    ann = await member(connection, tenants[0], "ann@example.org")
    maintenance = await asyncpg.connect(database.url("postgres").rpartition("/")[0] + "/postgres")
    async with running(database.server_url, tenants[0], ann) as client:
        assert len(await client.get("item")) == 1
        await maintenance.execute(f"alter database {database.name} allow_connections false")
        await maintenance.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", database.name
        )
        away = [await client.ask("GET", "item") for _ in range(3)]
        ready = await client.http.get("/health/ready")
        await maintenance.execute(f"alter database {database.name} allow_connections true")
        back = await client.ask("GET", "item")
    await maintenance.close()

    assert [(each.status_code, each.headers.get("Retry-After")) for each in away] == [(503, "1")] * 3
    assert ready.status_code == 503
    assert back.status_code == 200
