"""Changes that other sites try to make with a person's cookie."""

import httpx
import pytest

from tests.server.identity.visitor import EMAIL, PASSWORD, Visitor

OUR_OWN = [
    {"Origin": "http://app.example.com"},
    {"Origin": "http://app.example.com:80"},
    {"Referer": "http://app.example.com/a/northwind"},
    {"Origin": "http://app.example.com", "Sec-Fetch-Site": "same-origin"},
]

OF_OTHERS = [
    {"Origin": "http://app.example.com.evil.test"},
    {"Origin": "http://evil.test"},
    {"Origin": "http://app.example.com@evil.test"},
    {"Origin": "http://app.example.com:8080"},
    {"Origin": "https://app.example.com"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Referer": "http://app.example.com.evil.test/app.example.com"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://app.example.com"},
]


async def change(visitor: Visitor, headers: dict[str, str] | None = None) -> int:
    token = await visitor.csrf()
    response = await visitor.client.post("/form", data={"csrf": token, "name": "x"}, headers=headers)
    return response.status_code


async def test_a_form_of_ours_passes_and_arrives_whole(visitor: Visitor) -> None:
    await visitor.sign_in()

    form = {"csrf": await visitor.csrf(), "name": "Zoë & Söhne", "note": "x" * 200_000}
    response = await visitor.client.post("/form", data=form)

    assert response.json() == form


async def test_a_form_without_the_token_is_refused(visitor: Visitor) -> None:
    await visitor.sign_in()

    response = await visitor.client.post("/form", data={"name": "x"})

    assert response.status_code == 403


async def test_a_token_of_another_session_is_refused(visitor: Visitor) -> None:
    await visitor.sign_in()
    old = await visitor.csrf()
    visitor.client.cookies.clear()
    await visitor.sign_in()

    response = await visitor.client.post("/form", data={"csrf": old})

    assert response.status_code == 403


async def test_a_token_is_never_the_same_twice(visitor: Visitor) -> None:
    await visitor.sign_in()

    first, second = await visitor.csrf(), await visitor.csrf()

    assert first != second
    assert await change(visitor) == 200


@pytest.mark.parametrize("token", ["", "x", "é", "=", "A" * 86, "A" * 43])
async def test_what_is_no_token_is_refused(visitor: Visitor, token: str) -> None:
    await visitor.sign_in()

    response = await visitor.client.post("/form", data={"csrf": token})

    assert response.status_code == 403


async def test_the_token_may_come_as_a_header(visitor: Visitor) -> None:
    await visitor.sign_in()

    token = await visitor.csrf()
    passed = await visitor.client.post("/api/whoami", json={}, headers={"X-CSRF-Token": token})
    refused = await visitor.client.post("/api/whoami", json={}, headers={"X-CSRF-Token": "x" + token})

    assert (passed.status_code, refused.status_code) == (200, 403)
    assert refused.json()["code"] == "42501"


async def test_a_body_that_is_no_form_needs_the_header(visitor: Visitor) -> None:
    await visitor.sign_in()

    response = await visitor.client.post("/api/whoami", json={"csrf": await visitor.csrf()})

    assert response.status_code == 403


async def test_our_own_pages_pass(visitor: Visitor) -> None:
    await visitor.sign_in()

    answers = [await change(visitor, headers) for headers in OUR_OWN]

    assert answers == [200] * len(OUR_OWN)


async def test_pages_of_others_are_refused_even_with_the_token(visitor: Visitor) -> None:
    await visitor.sign_in()

    answers = [await change(visitor, headers) for headers in OF_OTHERS]

    assert answers == [403] * len(OF_OTHERS)


async def test_a_bearer_token_needs_no_csrf_token(visitor: Visitor) -> None:
    given = await visitor.client.post("/api/auth/token", json={"email": EMAIL, "password": PASSWORD})

    response = await visitor.client.post(
        "/api/whoami",
        json={},
        headers={"Authorization": f"Bearer {given.json()['access_token']}", "Origin": "http://evil.test"},
    )

    assert response.status_code == 200


async def test_nobody_signs_a_person_in_from_another_site(visitor: Visitor) -> None:
    response = await visitor.sign_in(headers={"Origin": "http://app.example.com.evil.test"})

    assert response.status_code == 403
    assert "qryvanta_session" not in visitor.client.cookies


async def test_the_sign_in_form_of_another_visitor_is_refused(visitor: Visitor) -> None:
    other = visitor.from_address("198.51.100.7")
    page = await other.client.get("/login")
    token = page.text.split('name="csrf" value="')[1].split('"')[0]

    await visitor.client.get("/login")
    response = await visitor.client.post(
        "/login", data={"email": EMAIL, "password": PASSWORD, "csrf": token, "next": "/"}
    )

    assert response.status_code == 403


async def test_nobody_is_signed_out_by_another_site(visitor: Visitor) -> None:
    await visitor.sign_in()

    refused: httpx.Response = await visitor.client.post("/logout")

    assert refused.status_code == 403
    assert (await visitor.client.get("/")).status_code == 200
