"""What lives of random models went wrong on, each in a few lines.

A seed draws another life as soon as there is one more kind of change, so the shortest reproduction is kept,
not the number: 2 the view of a hierarchy; 3 indexes over new formulas and searched fields, types under an
index, remedies that do not help; 4 and 6 what comes back; 5 references to a name that changes hands; 9, 100
and 123 names in a row; 11 rules for new rows only; 12 fills under a key; 1006 fills of sorted decimals;
2006 texts that say more than a date."""

from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from server import publication, remedies
from server.manifest import canonical, from_json, load
from tests.publishing import Connection, app, entity, field, publish, tenant


@pytest.fixture(params=["at once", "online"], autouse=True)
async def manner(request: pytest.FixtureRequest, connection: Connection) -> None:
    """How a table with rows is changed."""
    if request.param == "online":
        await connection.execute("set qryvanta.online_size = 0")


async def exported(connection: Connection, name: str = "crm") -> dict[str, Any]:
    """The draft of an app, with ids."""
    text = await connection.fetchval(
        "select meta.manifest(a.app_id)::text from meta.app a where a.name = $1", name
    )
    found: dict[str, Any] = load(canonical(from_json(text)).encode()).data
    return found


async def test_a_new_field_may_take_the_name_that_another_one_gives_up(connection: Connection) -> None:
    await publish(connection, app("crm", entity("account", field("name"))))
    await connection.execute(
        "insert into crm.account (tenant_id, name) values ($1, 'A')", await tenant(connection)
    )
    wanted = await exported(connection)
    wanted["entities"][0]["fields"][0]["name"] = "old_name"
    wanted["entities"][0]["fields"].append(field("name"))

    app_id = await publish(connection, wanted)

    assert tuple(await connection.fetchrow("select old_name, name from crm.account") or ()) == ("A", None)
    assert await publication.drift(connection, app_id) == []


PEOPLE = entity("person", field("name"), field("boss", "lookup", entity="person"), hierarchy="boss")
PLAIN = entity("town", field("name"))


@pytest.mark.parametrize(
    "change",
    [
        lambda people: (
            people | {"name": "human", "fields": [field("name"), field("boss", "lookup", entity="human")]}
        ),
        lambda people: people | {"fields": people["fields"][:1], "hierarchy": None},
        lambda people: people | {"hierarchy": None},
        lambda people: (
            people
            | {"fields": [field("name"), field("head", "lookup", entity="person")], "hierarchy": "head"}
        ),
        None,
    ],
    ids=["another", "the lookup goes", "no hierarchy", "another lookup", "the entity goes"],
)
async def test_the_view_of_a_hierarchy_stands_in_nobodys_way(connection: Connection, change: Any) -> None:
    await publish(connection, app("crm", PEOPLE, PLAIN))
    changed = [] if change is None else [{k: v for k, v in change(PEOPLE).items() if v is not None}]

    app_id = await publish(connection, app("crm", *changed, PLAIN), allow_data_loss=True)

    assert await publication.drift(connection, app_id) == []


async def test_a_renamed_target_keeps_what_points_at_it(connection: Connection) -> None:
    note = entity("note", field("subject", "lookup", entities=["person", "town"]), field("text"))
    await publish(connection, app("crm", PEOPLE, PLAIN, note))
    await connection.execute(
        """
        with town as (insert into crm.town (tenant_id, name) values ($1, 'A') returning tenant_id, id)
        insert into crm.note (tenant_id, subject_town_id) select tenant_id, id from town
        """,
        await tenant(connection),
    )
    wanted = await exported(connection)
    wanted["entities"][1]["name"] = "city"
    wanted["entities"][2]["fields"][0]["entities"] = ["person", "city"]

    app_id = await publish(connection, wanted)

    assert (
        await connection.fetchval("select name from crm.note n join crm.city c on c.id = n.subject_city_id")
        == "A"
    )
    assert await publication.drift(connection, app_id) == []


@pytest.mark.parametrize(
    "added",
    [
        field("upper_name", formula="upper(name)", indexed=True),
        field("town", "lookup", entity="town"),
        field("code", searchable=True, indexed=True),
        field("number", "autonumber", unique=True),
        field("people", "rollup", of="person.boss", function="count", indexed=True),
    ],
    ids=lambda added: added["name"],
)
async def test_what_goes_live_together_may_need_each_other(
    connection: Connection, added: dict[str, Any]
) -> None:
    await publish(connection, app("crm", PEOPLE))
    tenant_id = await tenant(connection)
    await connection.execute(
        "insert into crm.person (tenant_id, name) values ($1, 'A'), ($1, 'B')", tenant_id
    )
    wanted = await exported(connection)
    wanted["entities"][0]["fields"].append(added)
    wanted["entities"].append(PLAIN)

    app_id = await publish(connection, wanted)

    assert await publication.drift(connection, app_id) == []


async def test_names_go_round_in_a_circle_or_a_row(connection: Connection) -> None:
    names = ("first", "second", "third")
    await publish(connection, app("crm", *(entity(name, field("name", indexed=True)) for name in names)))
    tenant_id = await tenant(connection)
    for name in names:
        await connection.execute(f"insert into crm.{name} (tenant_id, name) values ($1, $2)", tenant_id, name)
    wanted = await exported(connection)
    for given, name in zip(wanted["entities"], ("second", "third", "fourth"), strict=True):
        given["name"] = name

    app_id = await publish(connection, wanted)

    assert await connection.fetchval("select name from crm.third") == "second"
    assert await publication.drift(connection, app_id) == []


async def test_values_that_become_the_same_are_found_before(connection: Connection) -> None:
    await publish(connection, app("crm", entity("account", field("code", unique=True), field("name"))))
    await connection.execute(
        "insert into crm.account (tenant_id, code) values ($1, '1'), ($1, '01')", await tenant(connection)
    )
    wanted = await exported(connection)
    wanted["entities"][0]["fields"][0]["type"] = "integer"

    with pytest.raises(asyncpg.PostgresError, match='2 records break "Code must be unique"'):
        await publish(connection, wanted)


async def test_what_is_filled_keeps_to_the_keys_that_are_there(connection: Connection) -> None:
    await publish(connection, app("crm", entity("account", field("code", unique=True), field("name"))))
    await connection.execute(
        "insert into crm.account (tenant_id) values ($1), ($1)", await tenant(connection)
    )
    wanted = await exported(connection)
    wanted["entities"][0]["fields"][0]["required"] = True
    app_id = await publication.store(connection, load(canonical(wanted).encode()), await tenant(connection))
    await remedies.fill(connection, app_id, "account.code", "'x'")

    found = await publication.preflight(connection, app_id)

    assert [(item.rule, item.broken) for item in found] == [("unique", 2)]


async def test_an_index_follows_the_new_type_of_its_column(connection: Connection) -> None:
    sizes = entity("box", field("name"), field("size", "decimal", indexed=True))
    await publish(connection, app("crm", sizes))
    await connection.execute(
        "insert into crm.box (tenant_id, size) values ($1, 1.5)", await tenant(connection)
    )
    wanted = await exported(connection)
    wanted["entities"][0]["fields"][1] |= {"precision": 30, "scale": 4}

    app_id = await publish(connection, wanted)

    assert await connection.fetchval("select size from crm.box") == Decimal("1.5")
    assert await publication.drift(connection, app_id) == []


@pytest.mark.parametrize(
    ("value", "type", "parameters"),
    [
        ("2024-03-18T10:00:00Z", "date", {}),
        ("1.2345", "decimal", {"precision": 12, "scale": 2}),
        ("12345678901234567891", "float", {}),
        ("2024-03-18 10:00", "time", {}),
    ],
)
async def test_a_text_that_says_more_than_the_new_type_is_counted(
    connection: Connection, value: str, type: str, parameters: dict[str, Any]
) -> None:
    await publish(connection, app("crm", entity("account", field("code"), field("name"))))
    demo = await tenant(connection)
    await connection.execute("insert into crm.account (tenant_id, code) values ($1, $2)", demo, value)
    wanted = await exported(connection)
    wanted["entities"][0]["fields"][0] |= {"type": type, **parameters}

    with pytest.raises(asyncpg.PostgresError, match="1 values lose something"):
        await publish(connection, wanted)


async def test_a_field_with_a_column_to_sort_by_is_filled(connection: Connection) -> None:
    await publish(connection, app("crm", entity("box", field("size", "decimal", indexed=True))))
    await connection.execute("insert into crm.box (tenant_id) values ($1)", await tenant(connection))
    wanted = await exported(connection)
    wanted["entities"][0]["fields"][0]["required"] = True
    app_id = await publication.store(connection, load(canonical(wanted).encode()), await tenant(connection))
    await remedies.fill(connection, app_id, "box.size", "1.5")

    await publication.publish(connection, app_id)

    assert await connection.fetchval("select size from crm.box") == Decimal("1.5")


async def test_only_remedies_that_help_are_offered(connection: Connection) -> None:
    several = field("parts", "multichoice", choices=["a", "b"])
    await publish(connection, app("crm", entity("box", several, field("code"), field("note"))))
    await connection.execute(
        "insert into crm.box (tenant_id, parts, code) values ($1, '{b}', 'x'), ($1, '{b}', 'x')",
        await tenant(connection),
    )
    wanted = await exported(connection)
    parts, code, note = wanted["entities"][0]["fields"]
    parts["choices"] = ["a"]
    code["unique"] = True
    note["required_when"] = "version > 0"
    app_id = await publication.store(connection, load(canonical(wanted).encode()), await tenant(connection))

    found = {item.rule: item.remedies for item in await publication.preflight(connection, app_id)}

    assert found == {"choice": ["clear", "new_rows"], "required_when": ["fill", "new_rows"], "unique": []}


async def test_a_rule_for_new_rows_holds_for_rows_that_are_filled_later(connection: Connection) -> None:
    await publish(connection, app("crm", entity("box", field("code"), field("name"))))
    await connection.execute("insert into crm.box (tenant_id) values ($1)", await tenant(connection))
    wanted = await exported(connection)
    wanted["entities"][0]["fields"][0]["required_when"] = "version > 0"
    app_id = await publication.store(connection, load(canonical(wanted).encode()), await tenant(connection))
    await remedies.keep_for_new_rows(connection, app_id, "box.code")
    await publication.publish(connection, app_id)
    wanted["entities"][0]["fields"].append(field("number", "autonumber"))
    app_id = await publication.store(connection, load(canonical(wanted).encode()), await tenant(connection))

    found = await publication.preflight(connection, app_id)

    assert [(item.rule, item.broken, item.remedies) for item in found] == [("required_when", 1, ["fill"])]


async def test_a_reference_follows_the_name_to_another_entity(connection: Connection) -> None:
    line = entity("line", field("part", "lookup", entity="part"), field("text"))
    await publish(connection, app("crm", entity("part", field("name")), entity("piece", field("name")), line))
    wanted = await exported(connection)
    del wanted["entities"][0]
    wanted["entities"][0]["name"] = "part"

    app_id = await publish(connection, wanted, allow_data_loss=True)

    demo = await tenant(connection)
    await connection.execute(
        "with new as (insert into crm.part (tenant_id) values ($1) returning id) "
        "insert into crm.line (tenant_id, text) select $1, 'x' from new",
        demo,
    )
    await connection.execute("update crm.line set part_id = (select id from crm.part)")
    assert await publication.drift(connection, app_id) == []


@pytest.mark.parametrize("remedied", [True, False])
async def test_rows_are_filled_or_numbered_while_what_a_rollup_reads_is_renamed(
    connection: Connection, remedied: bool
) -> None:
    order = entity(
        "sales_order", field("total", "rollup", of="line.sales_order", function="sum", field="amount")
    )
    line = entity("line", field("sales_order", "lookup", entity="sales_order"), field("amount", "integer"))
    app_id = await publish(connection, app("crm", order, line))
    owner = await tenant(connection)
    one = await connection.fetchval("insert into crm.sales_order (tenant_id) values ($1) returning id", owner)
    await connection.execute(
        "insert into crm.line (tenant_id, sales_order_id, amount) values ($1, $2, 5), ($1, $2, null)",
        owner,
        one,
    )
    wanted = await exported(connection)
    parent, child = wanted["entities"]
    parent["fields"][0] |= {"of": "line.placed_with", "field": "worth"}
    child["fields"][0]["name"], child["fields"][1]["name"] = "placed_with", "worth"
    if remedied:
        child["fields"][1]["required"] = True
    else:
        child["fields"].append(field("number", "autonumber"))
    await publication.store(connection, load(canonical(wanted).encode()), owner)
    if remedied:
        await remedies.fill(connection, app_id, "line.worth", "7")

    await publication.publish(connection, app_id)

    assert await connection.fetchval("select total from crm.sales_order") == (12 if remedied else 5)
    assert await publication.drift(connection, app_id) == []
    await connection.execute("update crm.line set worth = 1 where true")
    assert await connection.fetchval("select total from crm.sales_order") == 2


async def test_an_entity_takes_the_name_of_one_that_goes_and_other_policies(connection: Connection) -> None:
    first, second = entity("account", field("name")), entity("person", field("name"), recycle=True)
    await publish(connection, app("crm", first, second))
    owner = await tenant(connection)
    await connection.execute("insert into crm.person (tenant_id, name) values ($1, 'Ann')", owner)
    wanted = await exported(connection)
    wanted["entities"] = [wanted["entities"][1] | {"name": "account", "recycle": False}]

    app_id = await publish(connection, wanted, allow_data_loss=True)

    assert await connection.fetchval("select name from crm.account") == "Ann"
    assert await publication.drift(connection, app_id) == []


async def test_the_same_name_is_set_aside_again_and_again(connection: Connection) -> None:
    twins = [field(f"a_name_that_is_rather_long_and_ends_in_{number}") for number in (1, 2)]
    full = app("crm", entity("account", field("name"), *twins), entity("note", field("text")))
    for _ in range(3):
        await publish(connection, full)
        app_id = await publish(connection, app("crm", entity("account", field("name"))), allow_data_loss=True)

    assert await publication.drift(connection, app_id) == []
    dropped = await connection.fetch("select dropped_at > now() - interval '1 minute' from publish.dropped")
    assert {row[0] for row in dropped} == {True}
