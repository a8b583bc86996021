"""Before a model becomes stricter: the records that would break it, and what becomes of them."""

from typing import Any

import asyncpg
import pytest

from server import publication, remedies
from server.manifest import load, to_json
from tests.publishing import Connection, app, entity, field, publish, tenant

LOOSE = app(
    "crm",
    entity("town", field("name")),
    entity(
        "account",
        field("name"),
        field("code"),
        field("size", "integer"),
        field("stage", "choice", choices=["new", "old", "won"]),
    ),
)


def strict(*fields: dict[str, Any], **settings: Any) -> dict[str, Any]:
    given = {item["name"]: item for item in LOOSE["entities"][1]["fields"]}
    given |= {item["name"]: item for item in fields}
    return app("crm", LOOSE["entities"][0], entity("account", *given.values(), **settings))


@pytest.fixture(params=["at once", "online"], autouse=True)
async def manner(request: pytest.FixtureRequest, connection: Connection) -> None:
    """How a table with rows is changed."""
    if request.param == "online":
        await connection.execute("set qryvanta.online_size = 0")


@pytest.fixture
async def accounts(connection: Connection) -> Connection:
    """Three accounts: Acme/7/new, Beta/no size/old, nameless/-1/won; the codes A, A, B."""
    await publish(connection, LOOSE)
    await connection.execute(
        """
        insert into crm.account (tenant_id, name, code, size, stage) values
        ($1, 'Acme', 'A', 7, 'new'), ($1, 'Beta', 'A', null, 'old'), ($1, null, 'B', -1, 'won')
        """,
        await tenant(connection),
    )
    return connection


async def draft(connection: Connection, manifest: dict[str, Any]) -> Any:
    return await publication.store(connection, load(to_json(manifest).encode()), await tenant(connection))


@pytest.mark.parametrize(
    ("change", "rule", "broken"),
    [
        (strict(field("size", "integer", required=True)), "required", 1),
        (strict(field("added", required=True)), "required", 3),
        (strict(field("size", "integer", min=0)), "min", 1),
        (strict(field("code", unique=True)), "unique", 2),
        (strict(field("name", length=3)), "length", 2),
        (strict(field("name", pattern="^A")), "pattern", 1),
        (strict(field("stage", "choice", choices=["new", "won"])), "choice", 1),
        (strict(rules=[{"name": "big", "check": "size > 5"}]), "rule", 1),
    ],
)
async def test_records_that_a_stricter_model_breaks_are_counted_before_it(
    accounts: Connection, change: dict[str, Any], rule: str, broken: int
) -> None:
    app_id = await draft(accounts, change)

    found = await publication.preflight(accounts, app_id)

    assert [(item.rule, item.broken, len(item.sample)) for item in found] == [(rule, broken, broken)]
    with pytest.raises(asyncpg.PostgresError, match=f"{broken} records break"):
        await publication.publish(accounts, app_id)
    assert await publication.drift(accounts, app_id) == []


async def test_what_is_missing_is_filled_from_the_other_fields(accounts: Connection) -> None:
    app_id = await draft(
        accounts, strict(field("size", "integer", required=True), field("name", required=True))
    )
    await remedies.fill(accounts, app_id, "account.size", "length(code)")
    await remedies.fill(accounts, app_id, "account.name", "'No. ' || code")

    await publication.publish(accounts, app_id)

    rows = await accounts.fetch("select name, size, version from crm.account order by size")
    assert [tuple(row) for row in rows] == [("No. B", -1, 1), ("Beta", 1, 1), ("Acme", 7, 1)]
    assert await publication.drift(accounts, app_id) == []


async def test_a_new_required_field_is_filled_in_the_records_that_are_there(accounts: Connection) -> None:
    app_id = await draft(accounts, strict(field("added", required=True)))
    await remedies.fill(accounts, app_id, "account.added", "'code ' || code")

    await publication.publish(accounts, app_id)

    rows = await accounts.fetch("select added from crm.account order by added")
    assert [row["added"] for row in rows] == ["code A", "code A", "code B"]


async def test_a_choice_that_goes_gives_way_to_another(accounts: Connection) -> None:
    app_id = await draft(accounts, strict(field("stage", "choice", choices=["new", "won"])))
    await remedies.replace(accounts, app_id, "account.stage", {"old": "won"})

    await publication.publish(accounts, app_id)

    rows = await accounts.fetch("select stage from crm.account order by name nulls last")
    assert [row["stage"] for row in rows] == ["new", "won", "won"]


async def test_values_that_break_a_check_are_cleared_with_leave(accounts: Connection) -> None:
    app_id = await draft(accounts, strict(field("size", "integer", min=0)))
    await remedies.clear(accounts, app_id, "account.size")

    await publication.publish(accounts, app_id, allow_data_loss=True)

    rows = await accounts.fetch("select size from crm.account order by name nulls last")
    assert [row["size"] for row in rows] == [7, None, None]


async def test_a_rule_may_hold_for_new_rows_only(accounts: Connection) -> None:
    app_id = await draft(accounts, strict(rules=[{"name": "big", "check": "size > 5"}]))
    await remedies.keep_for_new_rows(accounts, app_id, "account.big")

    await publication.publish(accounts, app_id)

    assert await publication.drift(accounts, app_id) == []
    assert await accounts.fetchval("select count(*) from crm.account") == 3
    with pytest.raises(asyncpg.CheckViolationError):
        await accounts.execute(
            "insert into crm.account (tenant_id, size) values ($1, 1)", await tenant(accounts)
        )


async def test_a_reference_to_what_is_not_there_is_found_before(accounts: Connection) -> None:
    loose = strict(field("town_id", "uuid", id="00000000-0000-7000-8000-000000000001"))
    await publish(accounts, loose)
    await accounts.execute("update crm.account set town_id = gen_random_uuid() where name = 'Acme'")
    linked = strict(field("town", "lookup", entity="town", id="00000000-0000-7000-8000-000000000001"))
    linked["entities"][1]["fields"] = [
        item for item in linked["entities"][1]["fields"] if item["name"] != "town_id"
    ]

    app_id = await draft(accounts, linked)

    found = await publication.preflight(accounts, app_id)
    assert [(item.rule, item.broken) for item in found] == [("reference", 1)]


async def test_a_remedy_is_used_up_by_the_publish(accounts: Connection) -> None:
    app_id = await draft(accounts, strict(field("size", "integer", required=True)))
    await remedies.fill(accounts, app_id, "account.size", "0")
    await publication.publish(accounts, app_id)

    assert await accounts.fetchval("select count(*) from publish.remedy") == 0


@pytest.mark.parametrize(
    ("path", "expression", "complaint"),
    [
        ("account.nothing", "1", "no field or rule"),
        ("account.size", "colour", "colour"),
        ("account.size", "'x'", "size"),
    ],
)
async def test_a_remedy_that_makes_no_sense_is_refused_in_words(
    accounts: Connection, path: str, expression: str, complaint: str
) -> None:
    app_id = await draft(accounts, LOOSE)

    with pytest.raises(remedies.RemedyError, match=complaint):
        await remedies.fill(accounts, app_id, path, expression)


async def test_what_is_decided_for_a_draft_is_no_drift_of_what_is_in_force(accounts: Connection) -> None:
    app_id = await draft(accounts, strict(field("size", "integer", required=True)))
    await remedies.fill(accounts, app_id, "account.size", "0")

    assert await publication.drift(accounts, app_id) == []
    assert await publication.repair(accounts, app_id) == []
    await publication.publish(accounts, app_id)

    assert await accounts.fetchval("select count(*) from crm.account where size = 0") == 1
    assert await publication.drift(accounts, app_id) == []


async def test_what_a_failed_publish_prepared_for_a_decision_is_taken_away(accounts: Connection) -> None:
    app_id = await draft(
        accounts, strict(field("code", unique=True), field("size", "integer", required=True))
    )
    await remedies.fill(accounts, app_id, "account.size", "0")

    with pytest.raises(asyncpg.PostgresError):
        await publication.publish(accounts, app_id)

    assert await publication.drift(accounts, app_id) == []
    assert (
        await accounts.fetch("select from pg_attribute where attname ~ '^_next_' and not attisdropped") == []
    )
