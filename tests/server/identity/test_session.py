"""How long a session lasts, and what ends it."""

import asyncio

import asyncpg
import pytest

from server.database.listener import Listener
from server.identity.administration.user import disable_user, grant_roles, set_password
from server.identity.cache import CHANNEL
from tests.database import Database
from tests.server.identity.gate import application
from tests.server.identity.visitor import EMAIL, PASSWORD, Connection, Visitor


async def is_signed_in(visitor: Visitor) -> bool:
    return (await visitor.client.get("/")).status_code == 200


@pytest.mark.parametrize(
    ("change", "lasts"),
    [
        ("last_seen_at = now() - interval '11 hours 59 minutes'", True),
        ("last_seen_at = now() - interval '12 hours 1 minute'", False),
        ("expires_at = now() - interval '1 second'", False),
        ("revoked_at = now()", False),
    ],
)
async def test_a_session_ends_when_idle_expired_or_revoked(
    visitor: Visitor, connection: Connection, change: str, lasts: bool
) -> None:
    await visitor.sign_in()

    await connection.execute(f"update identity.session set {change}")

    assert await is_signed_in(visitor) is lasts


async def test_a_session_lasts_14_days_at_most(visitor: Visitor, connection: Connection) -> None:
    await visitor.sign_in()

    days = await connection.fetchval("select extract(day from expires_at - created_at) from identity.session")

    assert days == 14


async def test_a_request_keeps_the_session_awake(visitor: Visitor, connection: Connection) -> None:
    await visitor.sign_in()
    await connection.execute("update identity.session set last_seen_at = now() - interval '11 hours'")

    await visitor.client.get("/")

    idle = await connection.fetchval("select now() - last_seen_at from identity.session")
    assert idle.total_seconds() < 60


async def test_a_new_password_signs_out_everywhere(visitor: Visitor, connection: Connection) -> None:
    await visitor.sign_in()
    given = await visitor.client.post("/api/auth/token", json={"email": EMAIL, "password": PASSWORD})
    bearer = {"Authorization": f"Bearer {given.json()['access_token']}"}

    await set_password(connection, EMAIL, "another good password")

    assert not await is_signed_in(visitor)
    assert (await visitor.client.get("/api/whoami", headers=bearer)).status_code == 401
    assert (await visitor.sign_in()).status_code == 401
    assert (await visitor.sign_in("another good password")).status_code == 303


async def test_a_disabled_person_is_out_at_once(visitor: Visitor, connection: Connection) -> None:
    await visitor.sign_in()

    await disable_user(connection, EMAIL)

    assert not await is_signed_in(visitor)


async def test_a_closed_membership_closes_the_session(visitor: Visitor, connection: Connection) -> None:
    await visitor.sign_in()

    await connection.execute("update identity.member set state = 'disabled'")

    assert not await is_signed_in(visitor)


async def test_servers_that_remember_a_person_hear_of_the_end(
    pool: "asyncpg.Pool[asyncpg.Record]", database: Database, visitor: Visitor, connection: Connection
) -> None:
    app = application(pool, "http://app.example.com", seconds=3600)
    patient = Visitor(app, visitor.client).from_address("192.0.2.1")
    await patient.sign_in()
    await patient.client.get("/")
    handlers = {CHANNEL: app.state.principals.forget}

    async with Listener(database.server_url, handlers, seconds=3600):
        await asyncio.sleep(0.3)
        await patient.client.get("/")
        await disable_user(connection, EMAIL)
        await asyncio.sleep(0.3)

        assert not await is_signed_in(patient)


async def test_a_remembered_person_is_asked_about_again_soon(
    pool: "asyncpg.Pool[asyncpg.Record]", visitor: Visitor, connection: Connection
) -> None:
    app = application(pool, "http://app.example.com", seconds=0.2)
    patient = Visitor(app, visitor.client).from_address("192.0.2.1")
    await patient.sign_in()
    await patient.client.get("/")
    await disable_user(connection, EMAIL)

    remembered = await is_signed_in(patient)
    await asyncio.sleep(0.25)

    assert remembered
    assert not await is_signed_in(patient)


async def test_new_roles_count_without_a_new_sign_in(visitor: Visitor, connection: Connection) -> None:
    await visitor.sign_in()

    await grant_roles(connection, EMAIL, tenant="acme", roles=("builder",))

    assert (await visitor.client.get("/")).json()["roles"] == ["builder", "owner"]


async def test_only_the_functions_of_the_gateway_are_open_to_the_server(
    pool: "asyncpg.Pool[asyncpg.Record]", ann: str
) -> None:
    async with pool.acquire() as server:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await server.fetch("select * from api.begin_login('a', 'b')")
        async with server.transaction():
            await server.execute("set local role qryvanta_gateway")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await server.fetch("select password_hash from identity.account")


async def test_without_the_database_nobody_is_let_in_but_files_and_probes_are_answered(
    pool: "asyncpg.Pool[asyncpg.Record]", visitor: Visitor
) -> None:
    await visitor.sign_in()
    await pool.close()

    page = await visitor.client.get("/")
    call = await visitor.client.get("/api/whoami")
    file = await visitor.client.get("/static/nothing.css")

    assert (page.status_code, call.status_code, file.status_code) == (503, 503, 404)
    assert int(call.headers["retry-after"]) > 0
