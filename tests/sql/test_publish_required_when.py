"""Required under a condition: a CHECK of the field, for whoever writes."""

from typing import Any

import asyncpg
import pytest

from server.manifest import ManifestError
from tests.acting import acting
from tests.publishing import Connection, app, entity, field, publish, tenant

LOST = "status = 'lost'"
DEAL = app(
    "crm",
    entity(
        "deal",
        field("status", "choice", choices=["open", "lost"]),
        field("reason", required_when=LOST, label="Why"),
        field("amount", "decimal", required_when="status is null or status = 'lost'"),
        field("tags", "multichoice", choices=["a", "b"], required_when=LOST),
        field("winner", "lookup", entity="deal", required_when="amount > 1000"),
    ),
)


async def refused(connection: Connection, **values: Any) -> str | None:
    """The constraint that refuses a deal; None when it is taken."""
    names = ", ".join(values)
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    try:
        async with acting(connection, "crm__owner", await tenant(connection)):
            await connection.execute(f"insert into crm.deal ({names}) values ({places})", *values.values())
    except asyncpg.CheckViolationError as error:
        return error.constraint_name
    return None


async def test_a_field_is_required_while_its_condition_holds(connection: Connection) -> None:
    await publish(connection, DEAL)

    assert await refused(connection, status="open") is None
    assert await refused(connection, status=None) == "deal_amount_required_when_check"
    assert await refused(connection, status="lost") == "deal_amount_required_when_check"
    assert await refused(connection, status="lost", amount=1, tags=["a"]) == "deal_reason_required_when_check"
    assert (
        await refused(connection, status="lost", amount=1, tags=["a"], reason=" ")
        == "deal_reason_required_when_check"
    )
    assert (
        await refused(connection, status="lost", amount=1, reason="late") == "deal_tags_required_when_check"
    )
    assert await refused(connection, status="lost", amount=1, tags=[], reason="late") is None


async def test_an_unknown_condition_asks_for_nothing(connection: Connection) -> None:
    await publish(connection, DEAL)

    assert await refused(connection, status="open", amount=None) is None
    assert await refused(connection, status="open", amount=1001) == "deal_winner_required_when_check"


async def test_the_message_names_the_field(connection: Connection) -> None:
    await publish(connection, DEAL)

    told = await connection.fetchval(
        "select obj_description(oid, 'pg_constraint') from pg_constraint"
        " where conname = 'deal_reason_required_when_check'"
    )

    assert told == "Why is required"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"required_when": "stattus = 'lost'"}, 'unknown field "stattus"; did you mean "status"?'),
        ({"required_when": "status = 'won'"}, "not one of the choices"),
        ({"required_when": "amount"}, "gives decimal, but boolean is needed"),
        ({"required_when": "current_date > '2024-01-01'"}, "today changes every day"),
        ({"required_when": LOST, "required": True}, "reason is required always"),
        ({"required_when": LOST, "formula": "'x'"}, "a formula always has its value"),
    ],
)
async def test_a_condition_that_cannot_be_is_refused(
    connection: Connection, parameters: dict[str, Any], message: str
) -> None:
    deal = DEAL["entities"][0]
    fields = [field("reason", **parameters) if each["name"] == "reason" else each for each in deal["fields"]]

    with pytest.raises(ManifestError) as error:
        await publish(connection, app("crm", entity("deal", *fields)))

    assert [each.path for each in error.value.problems] == ["entities/deal/fields/reason/required_when"]
    assert message in error.value.problems[0].message
