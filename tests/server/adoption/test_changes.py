"""What a DBA changed by hand becomes part of the draft; the next publish finds it there, data untouched."""

from typing import Any
from uuid import UUID

import pytest

from server import drift, publication
from server.adoption.changes import Outcome, adopt_drift
from server.manifest import canonical, from_json, load
from tests.publishing import Connection, app, entity, field, publish, tenant

CRM = app(
    "crm",
    entity("account", field("name", required=True), field("code", unique=True)),
    entity(
        "deal",
        field("title", required=True, length=80),
        field("amount", "decimal", min=0, description="Before tax"),
        field("stage", "choice", choices=["new", "won"], default="'new'"),
        field("account", "lookup", entity="account"),
        field("note"),
        field("rate", "decimal"),
        keys=[{"fields": ["title"]}],
        rules=[{"name": "won_has_amount", "check": "stage <> 'won' or amount > 0"}],
        indexes=[{"fields": ["stage", "amount"]}],
    ),
)

# What publishing may still do about an adopted object: names, rights, words, functions that list columns.
LIGHT = ("grant", "comment", "replace_function", "replace_default", "rename_constraint", "rename_index")

FIELDS: dict[str, dict[str, Any]] = {
    "add extra text": {"name": "extra", "type": "text"},
    "add extra varchar(20)": {"name": "extra", "type": "text", "length": 20},
    "add extra int not null default 5": {
        "name": "extra",
        "type": "integer",
        "required": True,
        "default": "5",
    },
    "add extra bigint": {"name": "extra", "type": "bigint"},
    "add extra numeric(10,3)": {"name": "extra", "type": "decimal", "precision": 10, "scale": 3},
    "add extra float8": {"name": "extra", "type": "float"},
    "add extra boolean default true": {"name": "extra", "type": "boolean", "default": "TRUE"},
    "add extra date default current_date": {"name": "extra", "type": "date", "default": "CURRENT_DATE"},
    "add extra time": {"name": "extra", "type": "time"},
    "add extra timestamptz": {"name": "extra", "type": "timestamp"},
    "add extra interval": {"name": "extra", "type": "duration"},
    "add extra jsonb": {"name": "extra", "type": "json"},
    "add extra uuid": {"name": "extra", "type": "uuid"},
    "add buyer_id uuid, add foreign key (tenant_id, buyer_id) references crm.account (tenant_id, id)": {
        "name": "buyer",
        "type": "lookup",
        "entity": "account",
    },
    "add agent_id uuid, "
    "add foreign key (tenant_id, agent_id) references identity.member (tenant_id, user_id)": {
        "name": "agent",
        "type": "user",
    },
    "add extra numeric(18,2) generated always as (amount * 2) stored": {
        "name": "extra",
        "type": "decimal",
        "formula": "(amount * 2)",
    },
}


@pytest.mark.parametrize("change", FIELDS)
async def test_a_new_column_becomes_a_field_of_the_right_type(connection: Connection, change: str) -> None:
    app_id = await filled(connection)
    await connection.execute(f"alter table crm.deal {change}")
    wanted = FIELDS[change]
    column = wanted["name"] + ("_id" if wanted["type"] in ("lookup", "user") else "")
    before = await connection.fetch(f"select id, title, {column} from crm.deal order by id")

    outcomes = await adopt_drift(connection, app_id)

    assert all(outcome.adopted for outcome in outcomes), outcomes
    found = next(f for f in (await deal(connection, app_id))["fields"] if f["name"] == wanted["name"])
    assert {key: value for key, value in found.items() if key != "id"} == wanted
    await publication.publish(connection, app_id)
    assert await drift.differences(connection, app_id) == []
    assert await publication.plan(connection, app_id) == []
    assert await connection.fetch(f"select id, title, {column} from crm.deal order by id") == before


CHANGES = {
    "alter table crm.deal drop column note": "the field note is removed",
    "alter table crm.deal rename column note to remark": "the field note is called remark",
    "alter table crm.deal alter column note set not null": "the field note is required",
    "alter table crm.account alter column code type varchar(40)": (
        "the field code is of type character varying(40)"
    ),
    "alter table crm.deal alter column rate type numeric(20,4)": "the field rate is of type numeric(20,4)",
    "alter table crm.deal alter column stage set default 'won'": "the default of the field stage is 'won'",
    "alter table crm.deal alter column stage drop default": "the field stage has no default",
    "create index mine on crm.deal (tenant_id, note)": "a new index: note",
    "create unique index mine on crm.deal (tenant_id, note)": "a new key: note",
    "drop index crm.deal_stage_amount_idx": "the index stage, amount is removed",
    "alter table crm.deal add constraint mine unique (tenant_id, note)": "a new key: note",
    "alter table crm.deal drop constraint deal_title_key": "the key title is removed",
    "alter table crm.account drop constraint account_code_key": "the field code is no longer unique",
    "alter table crm.deal add constraint deal_big_check check (amount < 1000000)": (
        "a new rule big: (amount < 1000000)"
    ),
    "alter table crm.deal drop constraint deal_won_has_amount_rule": "the rule won_has_amount is removed",
    "alter table crm.deal drop constraint deal_amount_min_check": "the field amount has no min (0) any more",
    "comment on column crm.deal.note is 'Remark: What was said'": (
        "note is labelled Remark, described as What was said"
    ),
    "comment on column crm.deal.amount is 'Sum: Net'": "amount is labelled Sum, described as Net",
    "comment on table crm.deal is 'Bargains: What we sell'": (
        "deal is labelled Bargains, described as What we sell"
    ),
    "comment on constraint deal_won_has_amount_rule on crm.deal is 'Say how much'": (
        "the message of the rule won_has_amount is Say how much"
    ),
}


@pytest.mark.parametrize("statement", CHANGES)
async def test_a_change_becomes_part_of_the_draft_and_is_found_by_publishing(
    connection: Connection, statement: str
) -> None:
    app_id = await filled(connection)
    await connection.execute(statement)

    outcomes = await adopt_drift(connection, app_id)

    assert CHANGES[statement] in [outcome.words for outcome in outcomes if outcome.adopted], outcomes
    await publication.publish(connection, app_id, allow_data_loss=True)
    assert await drift.differences(connection, app_id) == []
    assert await publication.plan(connection, app_id) == []
    assert await connection.fetchval("select count(*) from crm.deal") == 2


REFUSED = {
    "alter table crm.deal disable row level security": "row security is never switched off",
    "create policy open on crm.deal using (true)": "who sees which rows follows from the roles",
    "grant select on crm.deal to public": "rights follow from the roles",
    "create view crm.v with (security_invoker = true) as select 1 as one": "a model has no views",
    "create table crm.extra (id int)": "a table of its own has no tenants",
    "alter table crm.deal add extra inet": "no field holds inet as it is",
    "alter table crm.deal add extra serial": "the column counts by a sequence",
    'alter table crm.deal add "Extra" text': "entities/deal/fields/Extra/name",
    "alter table crm.deal add constraint c check (title !~ 'x')": "entities/deal/rules/c/check",
    "create index mine on crm.deal (tenant_id, lower(note))": "an index of a model is over fields",
    "alter table crm.deal drop constraint deal_account_fkey": "a lookup always points to a record",
    "alter table crm.deal disable trigger deal_audit_update": "a model has no triggers",
}


@pytest.mark.parametrize("statement", REFUSED)
async def test_what_no_model_can_say_is_listed_with_the_reason(
    connection: Connection, statement: str
) -> None:
    app_id = await filled(connection)
    before = await exported(connection, app_id)
    await connection.execute(statement)

    outcomes = await adopt_drift(connection, app_id)

    assert [outcome.adopted for outcome in outcomes if REFUSED[statement] in outcome.words] == [False], (
        outcomes
    )
    assert await exported(connection, app_id) == before


async def test_several_changes_are_adopted_together_beside_what_the_draft_has_already(
    connection: Connection,
) -> None:
    app_id = await filled(connection)
    drafted = {**CRM, "entities": [CRM["entities"][0], {**CRM["entities"][1], "label": "Bargain"}]}
    await publication.store(connection, load(canonical(drafted).encode()), await tenant(connection))
    await connection.execute(
        "alter table crm.deal add extra text; create index on crm.deal (tenant_id, extra)"
    )
    await connection.execute("alter table crm.deal add constraint c check (extra <> note)")
    await connection.execute("comment on column crm.deal.extra is 'More: Whatever'")

    outcomes: list[Outcome] = await adopt_drift(connection, app_id)

    assert all(outcome.adopted for outcome in outcomes), outcomes
    found = await deal(connection, app_id)
    extra = next(f for f in found["fields"] if f["name"] == "extra")
    assert (found["label"], extra["label"], extra["description"]) == ("Bargain", "More", "Whatever")
    assert found["rules"][-1]["check"] == "(extra <> note)"
    await publication.publish(connection, app_id)
    assert await drift.differences(connection, app_id) == []


async def filled(connection: Connection) -> UUID:
    """CRM published, with rows."""
    app_id = await publish(connection, CRM)
    await connection.execute(
        "insert into crm.deal (tenant_id, title, amount, note) values ($1, 'A', 1, 'x'), ($1, 'B', 2, 'y')",
        await tenant(connection),
    )
    return app_id


async def exported(connection: Connection, app_id: UUID) -> str:
    return canonical(from_json(await connection.fetchval("select meta.manifest($1)::text", app_id)))


async def deal(connection: Connection, app_id: UUID) -> dict[str, Any]:
    """The entity in the draft."""
    data = load((await exported(connection, app_id)).encode()).data
    found: dict[str, Any] = next(e for e in data["entities"] if e["name"] == "deal")
    return found
