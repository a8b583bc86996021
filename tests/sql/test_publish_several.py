"""A lookup to one of several entities, as the database enforces it."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.manifest import ManifestError
from tests.acting import acting, row
from tests.publishing import Connection, app, entity, field, publish, tenant

OWNER = "crm__owner"


def crm(on_delete: str = "restrict", *, required: bool = False, recycle: bool = False) -> dict[str, Any]:
    """Notes on a person or a firm."""
    subject = field("subject", "lookup", entities=["person", "firm"], on_delete=on_delete, required=required)
    return app(
        "crm",
        entity("person", field("name"), recycle=recycle),
        entity("firm", field("name"), recycle=recycle),
        entity("note", field("text"), subject, recycle=recycle),
    )


async def made(connection: Connection, demo: UUID, table: str, **values: UUID | str) -> UUID:
    columns = ", ".join(values)
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    async with acting(connection, OWNER, demo):
        found: UUID = await connection.fetchval(
            f"insert into crm.{table} ({columns}) values ({places}) returning id", *values.values()
        )
    return found


async def published(connection: Connection, model: dict[str, Any]) -> UUID:
    await publish(connection, model)
    return await tenant(connection)


async def test_each_target_has_a_column_a_reference_and_an_index(connection: Connection) -> None:
    await published(connection, crm())

    columns = await connection.fetch(
        "select column_name, sql_type, not_null, comment from compile.actual_column"
        " where schema_name = 'crm' and table_name = 'note' and column_name like 'subject%' order by 1"
    )
    constraints = await connection.fetch(
        "select conname, pg_get_constraintdef(oid) as text from pg_constraint"
        " where conrelid = 'crm.note'::regclass and conname ~ 'subject' order by 1"
    )
    indexes = await connection.fetch("select indexdef from pg_indexes where indexname ~ 'note_subject'")

    assert [tuple(each) for each in columns] == [
        ("subject_firm_id", "uuid", False, "Subject (firm)"),
        ("subject_person_id", "uuid", False, "Subject (person)"),
    ]
    assert [tuple(each) for each in constraints] == [
        (
            "note_subject_firm_fkey",
            "FOREIGN KEY (tenant_id, subject_firm_id) REFERENCES crm.firm(tenant_id, id)",
        ),
        (
            "note_subject_person_fkey",
            "FOREIGN KEY (tenant_id, subject_person_id) REFERENCES crm.person(tenant_id, id)",
        ),
        ("note_subject_target_check", "CHECK ((num_nonnulls(subject_person_id, subject_firm_id) <= 1))"),
    ]
    assert sorted(each["indexdef"].split("(")[1] for each in indexes) == [
        "tenant_id, subject_firm_id)",
        "tenant_id, subject_person_id)",
    ]
    assert await connection.fetch("select * from lint.finding") == []


async def test_it_refers_to_one_record_at_most_or_to_exactly_one(connection: Connection) -> None:
    demo = await published(connection, crm())
    person, firm = [await made(connection, demo, table, name="A") for table in ("person", "firm")]

    await made(connection, demo, "note", text="of nobody")
    await made(connection, demo, "note", subject_firm_id=firm)
    with pytest.raises(asyncpg.CheckViolationError) as both:
        await made(connection, demo, "note", subject_firm_id=firm, subject_person_id=person)
    await connection.execute("delete from crm.note")
    await publish(connection, crm(required=True))
    with pytest.raises(asyncpg.CheckViolationError) as none:
        await made(connection, demo, "note", text="of nobody")

    assert both.value.constraint_name == none.value.constraint_name == "note_subject_target_check"


async def test_its_targets_are_of_the_same_tenant(connection: Connection) -> None:
    demo = await published(connection, crm())
    other = await tenant(connection, "other")
    theirs = await made(connection, other, "firm", name="Theirs")

    with pytest.raises(asyncpg.ForeignKeyViolationError) as refusal:
        await made(connection, demo, "note", subject_firm_id=theirs)

    assert refusal.value.constraint_name == "note_subject_firm_fkey"


@pytest.mark.parametrize("recycle", [False, True])
async def test_restrict_holds_for_every_target(connection: Connection, recycle: bool) -> None:
    demo = await published(connection, crm(recycle=recycle))
    for table in ("person", "firm"):
        target = await made(connection, demo, table, name="A")
        await made(connection, demo, "note", **{f"subject_{table}_id": target})

        with pytest.raises(asyncpg.ForeignKeyViolationError) as refusal:
            async with acting(connection, OWNER, demo):
                await connection.execute(f"delete from crm.{table}")

        assert refusal.value.constraint_name == f"note_subject_{table}_fkey"


async def test_cascade_and_the_way_back_from_the_bin_go_through_every_target(connection: Connection) -> None:
    demo = await published(connection, crm("cascade", recycle=True))
    for table in ("person", "firm"):
        target = await made(connection, demo, table, name="A")
        await made(connection, demo, "note", **{f"subject_{table}_id": target})

    async with acting(connection, OWNER, demo):
        await connection.execute("delete from crm.person")
        left = await connection.fetchval("select count(*) from crm.note")
    async with acting(connection, OWNER, demo, deleted="visible"):
        await connection.execute("update crm.person set deleted_at = null")
    async with acting(connection, OWNER, demo):
        back = await connection.fetchval("select count(*) from crm.note")

    assert (left, back) == (1, 2)


async def test_clear_empties_the_column_of_the_deleted_target(connection: Connection) -> None:
    demo = await published(connection, crm("clear"))
    for table in ("person", "firm"):
        target = await made(connection, demo, table, name="A")
        await made(connection, demo, "note", text=table, **{f"subject_{table}_id": target})

    async with acting(connection, OWNER, demo):
        await connection.execute("delete from crm.person")
        found = await connection.fetch(
            "select text, num_nonnulls(subject_person_id, subject_firm_id) as count from crm.note"
        )

    assert {each["text"]: each["count"] for each in found} == {"person": 0, "firm": 1}


async def test_the_history_keeps_the_columns(connection: Connection) -> None:
    demo = await published(connection, crm())
    firm = await made(connection, demo, "firm", name="A")
    note = await made(connection, demo, "note", subject_firm_id=firm)

    kept = row(
        await connection.fetchrow(
            "select new_values ->> 'subject_firm_id' as firm from audit.change where row_id = $1", note
        )
    )

    assert kept["firm"] == str(firm)


async def test_a_role_may_use_all_columns_or_none(connection: Connection) -> None:
    role = {"name": "clerk", "grants": [{"entity": "note", "read": "tenant", "fields": {"subject": "none"}}]}
    await published(connection, crm() | {"roles": [role]})

    seen = await connection.fetch(
        "select column_name from information_schema.column_privileges"
        " where grantee = 'crm_clerk' and table_name = 'note' and column_name ~ 'subject|text'"
    )

    assert [each["column_name"] for each in seen] == ["text"]


async def test_adding_and_taking_away_a_target_changes_that_column_alone(connection: Connection) -> None:
    demo = await published(connection, crm())
    firm = await made(connection, demo, "firm", name="A")
    await made(connection, demo, "note", subject_firm_id=firm)
    model = crm()
    model["entities"].append(entity("deal", field("name")))
    model["entities"][2]["fields"][1]["entities"] = ["firm", "deal", "person"]

    await publish(connection, model)
    deal = await made(connection, demo, "deal", name="D")
    with pytest.raises(asyncpg.CheckViolationError):
        await made(connection, demo, "note", subject_firm_id=firm, subject_deal_id=deal)
    model["entities"][2]["fields"][1]["entities"] = ["firm", "deal"]
    await publish(connection, model, allow_data_loss=True)

    assert await connection.fetchval("select subject_firm_id from crm.note") == firm


async def test_required_lookups_wait_for_each_other_only_where_no_target_is_free(
    connection: Connection,
) -> None:
    first = entity("first", field("up", "lookup", entities=["second", "third"], required=True))
    second = entity("second", field("up", "lookup", entity="first", required=True))
    third = entity("third", field("name"))
    await publish(connection, app("free", first, second, third))

    third["fields"].append(field("up", "lookup", entities=["first", "second"], required=True))
    with pytest.raises(ManifestError, match="required lookups form a cycle"):
        await publish(connection, app("stuck", first, second, third))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"entities": ["person", "nobody"]}, 'there is no entity "nobody"'),
        ({"unique": True}, "a lookup among several entities has no unique"),
        ({"default": "'6f1c1d7e-0000-4000-8000-000000000000'"}, "no default"),
        ({"on_delete": "clear", "required": True}, "a required lookup cannot be cleared"),
    ],
)
async def test_what_it_cannot_be_is_refused(
    connection: Connection, change: dict[str, Any], message: str
) -> None:
    model = crm()
    model["entities"][2]["fields"][1] |= change

    with pytest.raises(ManifestError, match=message):
        await publish(connection, model)


@pytest.mark.parametrize("section", ["keys", "indexes"])
async def test_it_is_part_of_no_key_and_no_index(connection: Connection, section: str) -> None:
    model = crm()
    model["entities"][2][section] = [{"fields": ["subject", "text"]}]

    with pytest.raises(ManifestError, match="several columns"):
        await publish(connection, model)


async def test_a_column_of_a_target_clashes_with_another_field(connection: Connection) -> None:
    model = crm()
    model["entities"][2]["fields"].append(field("subject_firm", "lookup", entity="firm"))

    with pytest.raises(ManifestError, match='its column "subject_firm_id" is the column of another field'):
        await publish(connection, model)


async def test_a_rule_speaks_of_the_columns(connection: Connection) -> None:
    model = crm()
    model["entities"][2]["rules"] = [
        {"name": "firm_has_text", "check": "subject_firm_id is null or text is not null", "message": "Say it"}
    ]
    demo = await published(connection, model)
    firm = await made(connection, demo, "firm", name="A")

    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await made(connection, demo, "note", subject_firm_id=firm)
    fields = await connection.fetchval(
        "select jsonb_path_query_first(model, $1::jsonpath)::text from publish.version",
        '$.entities[*].constraints[*] ? (@.rule == "firm_has_text").fields',
    )

    assert refusal.value.constraint_name == "note_firm_has_text_rule"
    assert fields == '["subject", "text"]'
