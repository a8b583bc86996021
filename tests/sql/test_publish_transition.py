"""Transitions: which value of a choice may follow which, for whoever writes."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server import publication
from server.manifest import Manifest, ManifestError, canonical, from_json, load
from tests.acting import acting
from tests.publishing import Connection, app, entity, field, publish, tenant

STATES = ["open", "shipped", "cancelled", "won't do"]
NEXT = {"open": ["shipped", "cancelled", "won't do"], "cancelled": ["open"]}


def shop(**parameters: Any) -> dict[str, Any]:
    given = {"choices": STATES, "transitions": NEXT, **parameters}
    return app("shop", entity("ticket", field("status", "choice", **given), field("note")))


async def ticket(connection: Connection, status: str | None) -> UUID:
    async with acting(connection, "shop__owner", await tenant(connection)):
        found: UUID = await connection.fetchval(
            "insert into shop.ticket (status) values ($1) returning id", status
        )
    return found


async def may(connection: Connection, before: str | None, after: str | None) -> bool:
    """Whether a ticket may go from one state to another."""
    made = await ticket(connection, before)
    try:
        async with acting(connection, "shop__owner", await tenant(connection)):
            await connection.execute("update shop.ticket set status = $2 where id = $1", made, after)
    except asyncpg.CheckViolationError as error:
        return error.constraint_name != "ticket_status_transition_check"
    return True


async def test_only_what_may_follow_follows(connection: Connection) -> None:
    await publish(connection, shop())

    for before in (*STATES, None):
        for after in (*STATES, None):
            allowed = before == after or before is None or after in NEXT.get(before, [])
            assert await may(connection, before, after) == allowed, (before, after)


async def test_a_record_begins_with_an_initial_value(connection: Connection) -> None:
    await publish(connection, shop(initial=["open"]))

    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await ticket(connection, "shipped")

    assert refusal.value.constraint_name == "ticket_status_initial_check"
    assert await may(connection, None, "open")
    assert not await may(connection, None, "shipped")
    assert await may(connection, "open", "shipped")


async def test_transitions_are_published_changed_and_taken_away(connection: Connection) -> None:
    app_id = await publish(connection, shop(initial=["open"]))
    exported = canonical(from_json(await connection.fetchval("select meta.manifest($1)", app_id)))
    again = load(exported.encode()).data["entities"][0]["fields"][0]
    assert (again["transitions"], again["initial"]) == (NEXT, ["open"])

    await publish(connection, shop(transitions={"open": []}))
    assert await publication.plan(connection, app_id) == []
    assert not await may(connection, "open", "shipped")
    assert await connection.fetch("select * from lint.finding") == []

    await publish(connection, shop(transitions=None))
    assert await may(connection, "shipped", "open")
    assert await publication.drift(connection, app_id) == []


@pytest.mark.parametrize(
    ("parameters", "path", "message"),
    [
        ({"transitions": {"opne": ["shipped"]}}, "transitions", '"opne" is no value of status'),
        ({"transitions": {"open": ["shiped"]}}, "transitions", '"shiped" is no value of status'),
        ({"initial": ["new"]}, "initial", '"new" is no value of status'),
        ({"transitions": {}}, "transitions", "must not be empty"),
        ({"transitions": {"open": "shipped"}}, "transitions/open", "must be a list"),
    ],
)
async def test_transitions_name_values_of_the_choice(
    connection: Connection, parameters: dict[str, Any], path: str, message: str
) -> None:
    with pytest.raises(ManifestError) as error:
        await publication.store(connection, Manifest(shop(**parameters)), await tenant(connection))

    said = {problem.path: problem.message for problem in error.value.problems}
    assert message in said[f"entities/ticket/fields/status/{path}"], said
