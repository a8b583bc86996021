"""Signing in with e-mail address and password."""

import re

import asyncpg
import httpx
import pytest
from argon2 import PasswordHasher

from server.identity import passwords
from server.identity.administration.tenant import create_tenant
from server.identity.administration.user import create_user, disable_user
from tests.server.identity.gate import application
from tests.server.identity.visitor import EMAIL, PASSWORD, Connection, Visitor


async def test_the_right_password_signs_in(visitor: Visitor) -> None:
    response = await visitor.sign_in()

    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert (await visitor.client.get("/")).json()["email"] == EMAIL


async def test_the_case_of_the_address_does_not_matter(visitor: Visitor) -> None:
    response = await visitor.sign_in(email=" Ann@Example.ORG")

    assert response.status_code == 303


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(visitor: Visitor) -> None:
    wrong = await visitor.sign_in("wrong password")
    unknown = await visitor.sign_in(email="eve@example.org")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.count("e-mail address or the password is wrong") == 1
    # Apart from what was typed and the token of the form.
    varying = r"(ann|eve)@example\.org|[\w-]{86}=="
    assert re.sub(varying, "", wrong.text) == re.sub(varying, "", unknown.text)


async def test_an_unknown_address_costs_the_same_work(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    verify = passwords._matches

    def watch(password: str, stored: str | None) -> bool:
        verified.append(password)
        return verify(password, stored)

    monkeypatch.setattr(passwords, "_matches", watch)

    await visitor.sign_in("wrong password")
    await visitor.sign_in("wrong password", email="eve@example.org")

    assert verified == ["wrong password"] * 2


async def test_a_disabled_person_gets_the_same_answer(visitor: Visitor, connection: Connection) -> None:
    await disable_user(connection, EMAIL)

    response = await visitor.sign_in()

    assert response.status_code == 401


async def test_the_cookie_is_kept_from_scripts_and_other_sites(visitor: Visitor) -> None:
    response = await visitor.sign_in()

    cookie = next(c for c in response.headers.get_list("set-cookie") if c.startswith("qryvanta_session="))
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


async def test_the_cookie_is_secure_when_the_address_is(
    pool: "asyncpg.Pool[asyncpg.Record]", ann: str
) -> None:
    transport = httpx.ASGITransport(app=application(pool, "https://app.example.com"))
    async with httpx.AsyncClient(transport=transport, base_url="https://app.example.com") as client:
        response = await Visitor(application(pool, ""), client).sign_in()

    cookie = next(c for c in response.headers.get_list("set-cookie") if c.startswith("qryvanta_session="))
    assert "Secure" in cookie.split("; ")


async def test_every_sign_in_has_a_new_session(visitor: Visitor) -> None:
    await visitor.sign_in()
    first = visitor.client.cookies["qryvanta_session"]
    visitor.client.cookies.delete("qryvanta_session")
    await visitor.sign_in()

    assert visitor.client.cookies["qryvanta_session"] != first


@pytest.mark.parametrize(
    "target",
    [
        "//evil.test",
        "https://evil.test/",
        "/\\evil.test",
        "/\t/evil.test",
        "javascript:alert(1)",
        "evil.test",
    ],
)
async def test_signing_in_leads_to_no_other_site(visitor: Visitor, target: str) -> None:
    response = await visitor.sign_in(next=target)

    assert response.headers["location"] == "/"


async def test_signing_in_leads_back_to_the_page_asked_for(visitor: Visitor) -> None:
    asked = await visitor.client.get("/form?status=eq.open&limit=2")
    response = await visitor.sign_in(next=httpx.URL(asked.headers["location"]).params["next"])

    assert response.headers["location"] == "/form?status=eq.open&limit=2"


async def test_a_person_of_two_tenants_chooses_one(visitor: Visitor, connection: Connection) -> None:
    await create_tenant(connection, "other")
    await create_user(connection, EMAIL, tenant="other", password="")

    await visitor.sign_in(tenant="other")
    chosen = (await visitor.client.get("/")).json()

    assert (chosen["tenant"], chosen["roles"]) == ("other", [])


async def test_a_tenant_of_others_is_refused_like_a_wrong_password(
    visitor: Visitor, connection: Connection
) -> None:
    await create_tenant(connection, "other")

    response = await visitor.sign_in(tenant="other")

    assert response.status_code == 401


async def test_signing_out_ends_the_session_and_not_only_the_cookie(visitor: Visitor) -> None:
    await visitor.sign_in()
    stolen = visitor.client.cookies["qryvanta_session"]

    response = await visitor.client.post("/logout", data={"csrf": await visitor.csrf()})
    visitor.client.cookies.set("qryvanta_session", stolen)

    assert (response.status_code, response.headers["location"]) == (303, "/login")
    assert (await visitor.client.get("/")).status_code == 303


async def test_a_changed_cookie_opens_nothing(visitor: Visitor) -> None:
    await visitor.sign_in()
    session, _, signature = visitor.client.cookies["qryvanta_session"].partition(".")
    other = ("0" if session[0] != "0" else "1") + session[1:]
    visitor.client.cookies.clear()
    visitor.client.cookies.set("qryvanta_session", f"{other}.{signature}")

    assert (await visitor.client.get("/")).status_code == 303


async def test_no_page_but_the_open_ones_answers_a_stranger(visitor: Visitor) -> None:
    page = await visitor.client.get("/")
    call = await visitor.client.get("/api/whoami")
    nowhere = await visitor.client.get("/there/is/nothing")

    assert (page.status_code, page.headers["location"]) == (303, "/login?next=/")
    assert (call.status_code, call.headers["www-authenticate"]) == (401, 'Bearer realm="qryvanta"')
    assert nowhere.status_code == 303


async def test_the_password_is_stored_as_argon2id(visitor: Visitor, connection: Connection) -> None:
    stored = await connection.fetchval("select password_hash from identity.account")

    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


async def test_a_hash_of_older_parameters_is_renewed(visitor: Visitor, connection: Connection) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    await connection.execute("update identity.account set password_hash = $1", weak)

    response = await visitor.sign_in()

    stored = await connection.fetchval("select password_hash from identity.account")
    assert response.status_code == 303
    assert not passwords.is_outdated(stored)
    assert await passwords.matches(PASSWORD, stored)
