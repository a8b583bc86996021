"""Publishing: a manifest becomes native tables, twice changes nothing, damage is found and mended."""

import asyncpg
import pytest

from server import publication
from server.manifest import ManifestError
from tests.publishing import Connection, app, entity, field, publish

CRM = app(
    "crm",
    entity("account", field("name", required=True), field("code", unique=True)),
    entity(
        "deal",
        field("title", required=True, length=80),
        field("amount", "decimal", min=0),
        field("stage", "choice", choices=["new", "won"], default="'new'"),
        field("account", "lookup", entity="account"),
        field("gross", "decimal", formula="amount * 1.2"),
        keys=[{"fields": ["title"]}],
        rules=[{"name": "won_has_amount", "check": "stage <> 'won' or amount > 0"}],
        indexes=[{"fields": ["stage", "amount"]}],
    ),
)


async def test_a_published_table_has_native_columns_in_the_order_of_the_contract(
    connection: Connection,
) -> None:
    await publish(connection, CRM)

    columns = await connection.fetch(
        """
        select attname, format_type(atttypid, atttypmod) as type, attnotnull
        from pg_attribute where attrelid = 'crm.deal'::regclass and attnum > 0 order by attnum
        """
    )

    assert [tuple(column) for column in columns] == [
        ("tenant_id", "uuid", True),
        ("id", "uuid", True),
        ("title", "text", True),
        ("amount", "numeric(18,2)", False),
        ("stage", "text", False),
        ("account_id", "uuid", False),
        ("gross", "numeric(18,2)", False),
        ("created_at", "timestamp with time zone", True),
        ("created_by", "uuid", False),
        ("updated_at", "timestamp with time zone", True),
        ("updated_by", "uuid", False),
        ("version", "bigint", True),
        ("amount_order", "double precision", False),
    ]


async def test_constraints_carry_the_names_of_the_contract(connection: Connection) -> None:
    await publish(connection, CRM)

    names = await connection.fetchval(
        "select array_agg(conname::text order by conname) from pg_constraint "
        "where conrelid = 'crm.deal'::regclass and contype <> 'n'"
    )

    assert names == [
        "deal_account_fkey",
        "deal_amount_min_check",
        "deal_pkey",
        "deal_stage_choice_check",
        "deal_title_key",
        "deal_title_length_check",
        "deal_title_required_check",
        "deal_won_has_amount_rule",
    ]


async def test_publishing_twice_changes_nothing(connection: Connection) -> None:
    app_id = await publish(connection, CRM)

    assert await publication.publish(connection, app_id) == []
    assert await connection.fetchval("select count(*) from publish.version") == 1


async def test_a_new_field_is_one_column_with_its_rights_and_its_comment(connection: Connection) -> None:
    await publish(connection, CRM)
    deal = {**CRM["entities"][1], "fields": [*CRM["entities"][1]["fields"], field("note")]}

    await publish(connection, {**CRM, "entities": [CRM["entities"][0], deal]})

    kinds = await connection.fetch(
        "select kind, target from publish.step s join publish.version v using (version_id) "
        "where v.number = 2 and kind not in ('grant', 'comment', 'replace_function') order by position"
    )
    assert [tuple(step) for step in kinds] == [("add_column", "crm.deal.note")]


DAMAGES = {
    "a dropped check": "alter table crm.deal drop constraint deal_amount_min_check",
    "a weakened check": "alter table crm.deal drop constraint deal_amount_min_check, "
    "add constraint deal_amount_min_check check (amount > -100)",
    "a dropped rule": "alter table crm.deal drop constraint deal_won_has_amount_rule",
    "a dropped key": "alter table crm.deal drop constraint deal_title_key",
    "a dropped primary key": "alter table crm.account drop constraint account_pkey cascade",
    "a dropped reference": "alter table crm.deal drop constraint deal_account_fkey",
    "a dropped index": "drop index crm.deal_stage_amount_idx",
    "an index on other columns": "drop index crm.deal_stage_amount_idx; "
    "create index deal_stage_amount_idx on crm.deal (stage)",
    "a foreign index": "create index extra on crm.deal (amount)",
    "a lost default": "alter table crm.deal alter column stage drop default",
    "another default": "alter table crm.deal alter column stage set default 'won'",
    "a foreign default": "alter table crm.deal alter column title set default 'x'",
    "a lost not null": "alter table crm.deal alter column title drop not null",
    "a foreign not null": "alter table crm.deal alter column stage set not null",
    "another type": "alter table crm.account alter column code type varchar(10)",
    "row security switched off": "alter table crm.deal disable row level security",
    "row security no longer forced": "alter table crm.deal no force row level security",
    "a dropped policy": "drop policy admin_read on crm.deal",
    "an opened policy": "alter policy admin_read on crm.deal using (true)",
    "a policy for everybody": "create policy open on crm.deal using (true)",
    "a revoked right": "revoke select (title) on crm.deal from crm_admin",
    "a right of everybody": "grant select on crm.deal to public",
    "a right beyond": "grant truncate on crm.deal to crm_viewer",
    "a revoked schema": "revoke usage on schema crm from crm_admin",
    "a dropped trigger": "drop trigger deal_audit_update on crm.deal",
    "a disabled trigger": "alter table crm.deal disable trigger deal_audit_update",
    "a changed function": "create or replace function crm.deal_audit_update() returns trigger "
    "language plpgsql security definer set search_path = pg_catalog, pg_temp as 'begin return null; end'",
    "another owner": "alter table crm.deal owner to postgres",
    "a changed comment": "comment on column crm.deal.title is 'nonsense'",
    "a changed message": "comment on constraint deal_amount_min_check on crm.deal is null",
    "a changed formula": "alter table crm.deal drop column gross, "
    "add column gross numeric(18,2) generated always as (amount) stored",
    "a dropped formula": "alter table crm.deal drop column gross",
    "a dropped role membership": "revoke crm_admin from qryvanta_server",
    "a dropped column": "alter table crm.deal drop column amount cascade",
    "a dropped table": "drop table crm.deal cascade",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
async def test_damage_by_hand_is_drift_and_repair_mends_it(connection: Connection, damage: str) -> None:
    app_id = await publish(connection, CRM)
    await connection.execute(damage)

    found = await publication.drift(connection, app_id)
    await publication.repair(connection, app_id)

    assert found != []
    assert await publication.drift(connection, app_id) == []


async def test_a_column_that_nobody_published_is_drift_and_stays_until_its_loss_is_allowed(
    connection: Connection,
) -> None:
    app_id = await publish(connection, CRM)
    await connection.execute("alter table crm.deal add column extra text")

    assert [step.risk for step in await publication.drift(connection, app_id)] == ["loses data"]
    with pytest.raises(asyncpg.PostgresError, match=r"crm\.deal\.extra loses data"):
        await publication.repair(connection, app_id)
    await publication.repair(connection, app_id, allow_data_loss=True)
    assert await publication.drift(connection, app_id) == []


async def test_a_removed_field_is_set_aside_with_its_data_and_only_with_leave(
    connection: Connection,
) -> None:
    tenant_id = await connection.fetchval("select gen_random_uuid()")
    await publish(connection, CRM)
    await connection.execute(
        "insert into crm.account (tenant_id, name, code) values ($1, 'A', 'kept')", tenant_id
    )
    smaller = {**CRM, "entities": [entity("account", field("name", required=True)), CRM["entities"][1]]}

    with pytest.raises(asyncpg.PostgresError, match=r"crm\.account\.code loses data"):
        await publish(connection, smaller)
    await publish(connection, smaller, allow_data_loss=True)

    aside = await connection.fetchval(
        "select attname from pg_attribute where attrelid = 'crm.account'::regclass and attname ~ '^_dropped'"
    )
    assert await connection.fetchval(f"select {aside} from crm.account") == "kept"


async def test_a_refused_publish_leaves_nothing_behind(connection: Connection) -> None:
    app_id = await publish(connection, CRM)
    await connection.execute(
        "insert into crm.account (tenant_id, name) values (gen_random_uuid(), 'A'), (gen_random_uuid(), 'B')"
    )
    stricter = entity("account", field("name", required=True), field("code", unique=True, required=True))

    with pytest.raises(asyncpg.PostgresError, match='2 records break "Code is required"'):
        await publish(connection, {**CRM, "entities": [stricter, CRM["entities"][1]]})

    assert await publication.drift(connection, app_id) == []


async def test_an_invalid_model_is_refused_whole_with_every_mistake(connection: Connection) -> None:
    wrong = app(
        "crm",
        entity("order", field("name")),
        entity(
            "deal",
            field("amount", "decimal", scale=40),
            field("account", "lookup", entity="nobody"),
            field("stage", "choice", choices="stages"),
            field("late", "boolean", formula="amount > unknown"),
            keys=[{"fields": ["missing"]}],
        ),
    )

    with pytest.raises(ManifestError) as refusal:
        await publish(connection, wrong)

    assert {problem.path for problem in refusal.value.problems} >= {
        "entities/order/name",
        "entities/deal/fields/amount/scale",
        "entities/deal/fields/account/entity",
        "entities/deal/fields/stage/choices",
        "entities/deal/fields/late/formula",
        "entities/deal/keys/0/fields",
    }
    assert await connection.fetchval("select to_regnamespace('crm')") is None
    assert await connection.fetchval("select count(*) from meta.app") == 0


async def test_a_version_is_never_changed(connection: Connection) -> None:
    await publish(connection, CRM)

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="not changed"):
        await connection.execute("update publish.version set reason = 'other'")
