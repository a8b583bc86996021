"""API tokens, and access tokens for a password."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from server.identity.administration.lookup import Refused
from server.identity.administration.tenant import create_tenant
from server.identity.administration.token import create_token
from server.identity.administration.user import create_user, disable_user, revoke_roles
from tests.server.identity.visitor import EMAIL, PASSWORD, Connection, Visitor


async def call(visitor: Visitor, token: str) -> httpx.Response:
    return await visitor.client.get("/api/whoami", headers={"Authorization": f"Bearer {token}"})


async def test_a_token_acts_for_its_owner(visitor: Visitor, connection: Connection) -> None:
    token = await create_token(connection, EMAIL, tenant="acme")

    response = await call(visitor, token)

    assert response.json()["email"] == EMAIL
    assert response.json()["csrf"] is None


async def test_a_token_is_stored_as_a_hash_only(visitor: Visitor, connection: Connection) -> None:
    token = await create_token(connection, EMAIL, tenant="acme")

    row = await connection.fetchrow("select *, token::text as whole from identity.token")

    assert row is not None
    assert token.startswith("qry_")
    assert len(row["hash"]) == 32
    assert token not in row["whole"]


@pytest.mark.parametrize("change", ["revoked_at = now()", "expires_at = now() - interval '1 second'"])
async def test_a_revoked_or_expired_token_opens_nothing(
    visitor: Visitor, connection: Connection, change: str
) -> None:
    token = await create_token(
        connection, EMAIL, tenant="acme", expires_at=datetime.now(UTC) + timedelta(days=1)
    )
    before = await call(visitor, token)

    await connection.execute(f"update identity.token set {change}")

    assert (before.status_code, (await call(visitor, token)).status_code) == (200, 401)


async def test_a_token_ends_with_its_owner(visitor: Visitor, connection: Connection) -> None:
    token = await create_token(connection, EMAIL, tenant="acme")

    await disable_user(connection, EMAIL)

    assert (await call(visitor, token)).status_code == 401


async def test_a_token_has_the_roles_it_was_given(visitor: Visitor, connection: Connection) -> None:
    token = await create_token(connection, EMAIL, tenant="acme", roles=("auditor",))

    assert (await call(visitor, token)).json()["roles"] == ["auditor"]


async def test_a_token_keeps_no_role_that_its_owner_lost(visitor: Visitor, connection: Connection) -> None:
    token = await create_token(connection, EMAIL, tenant="acme", roles=("owner",))

    await revoke_roles(connection, EMAIL, tenant="acme", roles=("owner",))

    assert (await call(visitor, token)).json()["roles"] == []


async def test_a_token_gets_no_role_that_its_owner_lacks(connection: Connection, ann: str) -> None:
    await create_user(connection, "bob@example.org", tenant="acme", password=PASSWORD, roles=("builder",))

    with pytest.raises(Refused, match="no role owner"):
        await create_token(connection, "bob@example.org", tenant="acme", roles=("owner",))


async def test_a_token_works_in_its_tenant_only(visitor: Visitor, connection: Connection) -> None:
    await create_tenant(connection, "other")
    await create_user(connection, EMAIL, tenant="other", password="", roles=("auditor",))
    token = await create_token(connection, EMAIL, tenant="other")

    found = (await call(visitor, token)).json()

    assert (found["tenant"], found["roles"]) == ("other", ["auditor"])


async def test_the_use_of_a_token_is_noted(visitor: Visitor, connection: Connection) -> None:
    token = await create_token(connection, EMAIL, tenant="acme")

    await call(visitor, token)

    assert await connection.fetchval("select last_used_at is not null from identity.token")


@pytest.mark.parametrize("header", ["Bearer qry_nonsense", "Bearer x.y", "Bearer ", "Basic YTpi", "qry_x"])
async def test_a_bad_token_is_refused_whatever_the_cookie(visitor: Visitor, header: str) -> None:
    await visitor.sign_in()

    response = await visitor.client.get("/api/whoami", headers={"Authorization": header})

    assert response.status_code == 401


async def test_a_client_renews_its_token_while_it_still_sends_the_old_one(visitor: Visitor) -> None:
    response = await visitor.client.post(
        "/api/auth/token",
        json={"email": EMAIL, "password": PASSWORD},
        headers={"Authorization": "Bearer expired"},
    )

    assert response.status_code == 200


async def test_a_password_gives_an_access_token_for_an_hour(visitor: Visitor) -> None:
    response = await visitor.client.post("/api/auth/token", json={"email": EMAIL, "password": PASSWORD})

    given = response.json()
    assert (given["token_type"], given["expires_in"]) == ("bearer", 3600)
    assert response.headers["cache-control"] == "no-store"
    assert (await call(visitor, given["access_token"])).json()["email"] == EMAIL


async def test_cookie_and_access_token_do_not_stand_for_each_other(visitor: Visitor) -> None:
    response = await visitor.client.post("/api/auth/token", json={"email": EMAIL, "password": PASSWORD})
    await visitor.sign_in()
    cookie = visitor.client.cookies["qryvanta_session"]
    visitor.client.cookies.clear()

    as_token = await call(visitor, cookie)
    visitor.client.cookies.set("qryvanta_session", response.json()["access_token"])
    as_cookie = await visitor.client.get("/")

    assert (as_token.status_code, as_cookie.status_code) == (401, 303)


async def test_a_wrong_password_gives_no_access_token(visitor: Visitor) -> None:
    response = await visitor.client.post("/api/auth/token", json={"email": EMAIL, "password": "wrong"})

    assert response.status_code == 401
    assert response.json()["code"] == "28P01"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"email": 1, "password": "x"}',
        b'{"email": "x"}',
        b"\xff",
        b'{"email":"\\u0000","password":"x"}',
    ],
)
async def test_a_malformed_request_is_told_so(visitor: Visitor, body: bytes) -> None:
    response = await visitor.client.post("/api/auth/token", content=body)

    assert response.status_code == 400
    assert response.json()["code"] == "22023"
