"""Guessing passwords gets slower, for the guesser only."""

from tests.server.identity.visitor import PASSWORD, Connection, Visitor


async def guess(visitor: Visitor, times: int) -> list[int]:
    answers = [await visitor.sign_in("wrong password") for _ in range(times)]
    return [answer.status_code for answer in answers]


async def test_the_sixth_guess_has_to_wait(visitor: Visitor) -> None:
    guesses = await guess(visitor, 5)
    sixth = await visitor.sign_in()

    assert guesses == [401] * 5
    assert sixth.status_code == 429
    assert int(sixth.headers["retry-after"]) == 1


async def test_the_delay_grows(visitor: Visitor, connection: Connection) -> None:
    await guess(visitor, 5)
    waits = []
    for _ in range(4):
        await connection.execute("update identity.attempt set blocked_until = null")
        await guess(visitor, 1)
        waits.append(int((await visitor.sign_in()).headers["retry-after"]))

    assert waits == [2, 4, 8, 16]


async def test_a_guesser_does_not_lock_the_person_out(visitor: Visitor) -> None:
    await guess(visitor.from_address("198.51.100.7"), 20)

    response = await visitor.sign_in()

    assert response.status_code == 303


async def test_a_header_does_not_make_another_address(visitor: Visitor) -> None:
    answers = [
        (await visitor.sign_in("wrong password", headers={"X-Forwarded-For": f"10.0.0.{n}"})).status_code
        for n in range(8)
    ]

    assert answers == [401] * 5 + [429] * 3


async def test_an_ipv6_customer_has_one_address(visitor: Visitor) -> None:
    answers = []
    for n in range(7):
        answers += await guess(visitor.from_address(f"2001:db8::{n + 1}"), 1)

    assert answers == [401] * 5 + [429] * 2


async def test_guesses_for_unknown_people_wait_as_well(visitor: Visitor) -> None:
    answers = [(await visitor.sign_in("wrong", email="eve@example.org")).status_code for _ in range(6)]

    assert answers == [401] * 5 + [429]


async def test_trying_everybody_from_one_address_gets_slow(visitor: Visitor, connection: Connection) -> None:
    for n in range(100):
        await connection.fetchrow("select * from api.begin_login($1, '192.0.2.1')", f"person{n}@example.org")

    response = await visitor.sign_in()

    assert response.status_code == 429


async def test_a_success_forgets_the_failures(visitor: Visitor) -> None:
    await guess(visitor, 4)
    await visitor.sign_in()
    visitor.client.cookies.clear()

    assert await guess(visitor, 5) == [401] * 5


async def test_the_api_says_when_to_try_again(visitor: Visitor) -> None:
    await guess(visitor, 5)

    response = await visitor.client.post(
        "/api/auth/token", json={"email": "ann@example.org", "password": PASSWORD}
    )

    assert response.status_code == 429
    assert response.headers["retry-after"] == "1"
    assert response.json()["code"] == "28P01"


async def test_what_was_typed_as_a_name_is_not_kept(visitor: Visitor, connection: Connection) -> None:
    await visitor.sign_in(email="my secret password")

    rows = await connection.fetch("select * from identity.attempt")

    assert b"secret" not in b"".join(row["subject"] for row in rows)
