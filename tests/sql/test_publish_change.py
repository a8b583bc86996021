"""Changing what is there, by the ids of its elements: data, constraints and rights stay where they are.

Each test runs twice: a small table is changed at once, a large one in steps while people work.
"""

from typing import Any

import asyncpg
import pytest

from server import publication
from tests.publishing import Connection, app, entity, field, publish, tenant

IDS = [f"00000000-0000-7000-8000-00000000000{n}" for n in range(10)]
ACCOUNT, NAME, CODE, SIZE, DEAL, TITLE, CUSTOMER, OTHER = IDS[:8]


def crm(*fields: dict[str, Any], name: str = "account", **settings: Any) -> dict[str, Any]:
    return app(
        "crm",
        entity(name, *fields, id=ACCOUNT, **settings),
        entity(
            "deal",
            field("title", id=TITLE),
            field("customer", "lookup", entity=name, id=CUSTOMER),
            id=DEAL,
        ),
    )


BEFORE = crm(
    field("name", id=NAME, required=True, length=40, unique=True),
    field("code", "integer", id=CODE, min=0, indexed=True),
    field("size", "integer", id=SIZE),
    field("double", "integer", formula="size * 2"),
    rules=[{"name": "small", "check": "code < 1000 and name <> 'code'"}],
)


@pytest.fixture(params=["at once", "online"], autouse=True)
async def manner(request: pytest.FixtureRequest, connection: Connection) -> str:
    """How a table with rows is changed."""
    if request.param == "online":
        await connection.execute("set qryvanta.online_size = 0")
    return str(request.param)


async def filled(connection: Connection) -> None:
    await publish(connection, BEFORE)
    tenant_id = await tenant(connection)
    await connection.execute(
        "insert into crm.account (tenant_id, name, code, size) values ($1, 'Acme', 7, 21)", tenant_id
    )
    await connection.execute(
        "insert into crm.deal (tenant_id, title, customer_id) select tenant_id, 'One', id from crm.account"
    )


async def kinds(
    connection: Connection, manifest: dict[str, Any], *, allow_data_loss: bool = False
) -> set[str]:
    """Publish; the kinds of steps that ran."""
    app_id = await publish(connection, manifest, allow_data_loss=allow_data_loss)
    rows = await connection.fetch(
        "select kind from publish.step s join publish.version v using (version_id) "
        "where v.number = (select max(number) from publish.version)"
    )
    assert await publication.drift(connection, app_id) == []
    assert await connection.fetch("select * from lint.finding") == []
    leftover = "select relname from pg_class where relname ~ '^_(next|moving)_'"
    assert await connection.fetch(leftover) == []
    return {row["kind"] for row in rows}


async def constraint_names(connection: Connection, table: str) -> list[str]:
    names: list[str] = await connection.fetchval(
        "select array_agg(conname::text order by conname) from pg_constraint "
        "where conrelid = to_regclass($1) and contype <> 'n'",
        table,
    )
    return names


async def test_a_renamed_field_keeps_its_data_and_its_constraints_follow(connection: Connection) -> None:
    await filled(connection)

    ran = await kinds(
        connection,
        crm(
            field("title", id=NAME, required=True, length=40, unique=True),
            field("number", "integer", id=CODE, min=0, indexed=True),
            field("size", "integer", id=SIZE),
            field("double", "integer", formula="size * 2"),
            rules=[{"name": "small", "check": "number < 1000 and title <> 'code'"}],
        ),
    )

    assert dict(await connection.fetchrow("select title, number, double from crm.account") or {}) == {
        "title": "Acme",
        "number": 7,
        "double": 42,
    }
    assert await constraint_names(connection, "crm.account") == [
        "account_number_min_check",
        "account_pkey",
        "account_small_rule",
        "account_title_key",
        "account_title_length_check",
        "account_title_required_check",
    ]
    assert {"rename_column", "rename_constraint", "rename_index"} <= ran
    assert not ran & {"add_column", "drop_column", "create_constraint", "create_index", "drop_constraint"}


async def test_a_renamed_entity_keeps_its_rows_and_what_points_at_it(connection: Connection) -> None:
    await filled(connection)
    fields = BEFORE["entities"][0]["fields"]

    ran = await kinds(connection, crm(*fields, name="customer", rules=BEFORE["entities"][0]["rules"]))

    assert await connection.fetchval("select count(*) from crm.customer") == 1
    assert await connection.fetchval(
        "select c.name from crm.deal d join crm.customer c on c.id = d.customer_id"
    )
    assert await constraint_names(connection, "crm.deal") == ["deal_customer_fkey", "deal_pkey"]
    assert "rename_table" in ran
    assert not ran & {"create_table", "drop_table", "create_foreign_key", "create_constraint"}


async def test_two_fields_swap_their_names(connection: Connection) -> None:
    await filled(connection)

    await kinds(
        connection,
        crm(
            field("name", id=NAME, required=True, length=40, unique=True),
            field("size", "integer", id=CODE, min=0, indexed=True),
            field("code", "integer", id=SIZE),
            field("double", "integer", formula="code * 2"),
            rules=[{"name": "small", "check": "size < 1000 and name <> 'code'"}],
        ),
    )

    row = await connection.fetchrow("select size, code, double from crm.account")
    assert dict(row or {}) == {"size": 7, "code": 21, "double": 42}


async def test_a_dropped_field_comes_back_with_its_data(connection: Connection) -> None:
    await filled(connection)
    fields = BEFORE["entities"][0]["fields"]
    await kinds(connection, crm(fields[0], fields[2], fields[3]), allow_data_loss=True)

    ran = await kinds(connection, BEFORE)

    assert "restore_column" in ran
    assert await connection.fetchval("select code from crm.account") == 7


async def test_a_dropped_entity_comes_back_with_its_rows(connection: Connection) -> None:
    await filled(connection)
    account_only = {**BEFORE, "entities": BEFORE["entities"][:1]}
    await kinds(connection, account_only, allow_data_loss=True)
    assert await connection.fetchval("select to_regclass('crm.deal')") is None

    ran = await kinds(connection, BEFORE)

    assert "restore_table" in ran
    assert await connection.fetchval("select title from crm.deal") == "One"
    assert await constraint_names(connection, "crm.deal") == ["deal_customer_fkey", "deal_pkey"]


async def test_a_new_field_may_take_the_name_of_one_that_goes(connection: Connection) -> None:
    await filled(connection)
    fields = BEFORE["entities"][0]["fields"]

    await kinds(
        connection,
        crm(fields[0], field("code", id=OTHER), fields[2], fields[3]),
        allow_data_loss=True,
    )

    assert await connection.fetchval("select code from crm.account") is None


async def test_a_column_renamed_by_hand_is_a_rename_in_the_drift(connection: Connection) -> None:
    app_id = await publish(connection, BEFORE)
    await connection.execute("alter table crm.account rename column size to extent")

    found = await publication.drift(connection, app_id)

    assert "alter table crm.account rename column extent to size" in [step.statement for step in found]
    assert "drop_column" not in {step.kind for step in found}
    await publication.repair(connection, app_id)
    assert await publication.drift(connection, app_id) == []


@pytest.mark.parametrize(
    ("old", "new", "value", "expected"),
    [
        (field("size", "integer"), field("size", "bigint"), 7, 7),
        (field("size", "integer"), field("size", "text"), 7, "7"),
        (field("size", "integer"), field("size", "boolean"), 1, True),
        (field("size", "text"), field("size", "integer"), "12", 12),
        (field("size", "text"), field("size", "multichoice", choices=["12", "13"]), "12", ["12"]),
        (field("size", "multichoice", choices=["12", "13"]), field("size", "text"), ["12", "13"], "12, 13"),
        (field("size", "text", default="'3'"), field("size", "integer", default="4"), "12", 12),
    ],
)
async def test_a_field_changes_its_type_and_keeps_its_values(
    connection: Connection, old: dict[str, Any], new: dict[str, Any], value: Any, expected: Any
) -> None:
    await publish(connection, crm({**old, "id": SIZE}, field("other")))
    await connection.execute(
        "insert into crm.account (tenant_id, size) values ($1, $2)", await tenant(connection), value
    )

    await kinds(connection, crm({**new, "id": SIZE}, field("other")))

    assert await connection.fetchval("select size from crm.account") == expected


async def test_a_conversion_that_loses_values_says_how_many_and_asks(connection: Connection) -> None:
    await publish(connection, crm(field("size", id=SIZE), field("other")))
    await connection.executemany(
        "insert into crm.account (tenant_id, size) values ($1, $2)",
        [(await tenant(connection), size) for size in ("1", "two", "three")],
    )
    changed = crm(field("size", "integer", id=SIZE), field("other"))

    with pytest.raises(asyncpg.PostgresError, match="2 values lose something"):
        await publish(connection, changed)
    await publish(connection, changed, allow_data_loss=True)

    rows = await connection.fetch("select size from crm.account order by size")
    assert [row["size"] for row in rows] == [1, None, None]


async def test_a_formula_becomes_a_field_that_keeps_the_values(connection: Connection) -> None:
    await filled(connection)
    fields = BEFORE["entities"][0]["fields"]

    await kinds(
        connection,
        crm(*fields[:3], field("double", "integer"), rules=BEFORE["entities"][0]["rules"]),
    )

    assert await connection.fetchval("update crm.account set size = 1 returning double") == 42


async def test_a_type_changes_under_a_formula(connection: Connection) -> None:
    await filled(connection)
    fields = BEFORE["entities"][0]["fields"]
    bigger = field("size", "bigint", id=SIZE)

    await kinds(
        connection,
        crm(*fields[:2], bigger, fields[3], rules=BEFORE["entities"][0]["rules"]),
    )

    assert await connection.fetchval("select double from crm.account") == 42


async def test_rows_that_are_there_get_numbers_tenant_by_tenant(connection: Connection) -> None:
    await publish(connection, crm(field("name", id=NAME)))
    for name, count in (("demo", 3), ("other", 2)):
        await connection.execute(
            "insert into crm.account (tenant_id, name) select $1, 'n' || n from generate_series(1, $2) n",
            await tenant(connection, name),
            count,
        )

    await kinds(connection, crm(field("name", id=NAME), field("number", "autonumber", format="A-{000}")))

    rows = await connection.fetch("select number from crm.account order by number")
    assert [row["number"] for row in rows] == ["A-001", "A-001", "A-002", "A-002", "A-003"]
    assert await connection.fetchval("select max(value) from tenancy.counter") == 3


async def test_what_depends_on_a_new_formula_goes_live_with_it(connection: Connection) -> None:
    await filled(connection)
    fields = BEFORE["entities"][0]["fields"]

    await kinds(
        connection,
        crm(
            field("name", id=NAME, required=True, length=40, unique=True, searchable=True),
            *fields[1:],
            field("triple", "integer", formula="size * 3", id=OTHER, indexed=True),
            rules=[*BEFORE["entities"][0]["rules"], {"name": "low", "check": "triple < 1000"}],
        ),
    )

    assert await connection.fetchval("select triple from crm.account") == 63
    assert "account_low_rule" in await constraint_names(connection, "crm.account")


async def test_a_formula_that_changes_keeps_its_index(connection: Connection) -> None:
    def with_formula(formula: str) -> dict[str, Any]:
        return crm(
            *BEFORE["entities"][0]["fields"],
            field("triple", "integer", formula=formula, id=OTHER, indexed=True),
            rules=[{"name": "low", "check": "triple < 1000"}],
        )

    await filled(connection)
    await kinds(connection, with_formula("size * 3"))

    await kinds(connection, with_formula("size * 4"))

    assert await connection.fetchval("select triple from crm.account") == 84
    assert await connection.fetchval("select to_regclass('crm.account_triple_idx')") is not None
