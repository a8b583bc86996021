"""Every way to damage a published app by hand is named in words, and repair mends it."""

from pathlib import Path
from typing import NamedTuple

import pytest

from server import drift
from tests.publishing import Connection, publish
from tests.sql.test_publish_app import CRM, DAMAGES


class Damage(NamedTuple):
    """What a DBA did, which object drift names, and words it uses."""

    statement: str
    target: str
    words: str


STRAYS = {
    "a view": Damage(
        "create view crm.v with (security_invoker = true) as select 1 as one",
        "crm.v",
        "nobody published this view",
    ),
    "a definer view": Damage(
        "create view crm.v as select title from crm.deal",
        "crm.v",
        "nobody published this view; it shows its readers what postgres sees",
    ),
    "a materialized view": Damage(
        "create materialized view crm.m as select title from crm.deal",
        "crm.m",
        "nobody published this materialized view",
    ),
    "a sequence": Damage("create sequence crm.s", "crm.s", "nobody published this sequence"),
    "an enum": Damage("create type crm.mood as enum ('a')", "crm.mood", "nobody published this type"),
    "a composite": Damage("create type crm.pair as (a int)", "crm.pair", "nobody published this type"),
    "a domain": Damage("create domain crm.d as text", "crm.d", "nobody published this domain"),
    "a function with arguments": Damage(
        "create function crm.f(a int) returns int language sql as 'select 1'",
        "crm.f(a integer)",
        "nobody published this function",
    ),
    "a procedure": Damage(
        "create procedure crm.p() language sql as 'select 1'", "crm.p()", "nobody published this procedure"
    ),
    "another owner of the schema": Damage(
        "alter schema crm owner to postgres", "crm", "it belongs to postgres, published was qryvanta_owner"
    ),
    "another owner of a function": Damage(
        "alter function crm.deal_audit_update() owner to postgres",
        "crm.deal_audit_update()",
        "it belongs to postgres",
    ),
    "a rule": Damage(
        "create rule silent as on delete to crm.deal do instead nothing",
        "crm.deal.silent",
        "nobody published this rule",
    ),
    "a child table": Damage(
        "create table public.more () inherits (crm.deal)", "crm.deal", "public.more inherits from crm.deal"
    ),
    "an unlogged table": Damage("alter table crm.deal set unlogged", "crm.deal", "a crash empties it"),
    "references not enforced": Damage(
        "alter table crm.deal disable trigger all", "crm.deal", "its references are not enforced"
    ),
    "an identity column": Damage(
        "alter table crm.deal alter column version drop default; "
        "alter table crm.deal alter column version add generated always as identity",
        "crm.deal.version",
        "the column numbers itself",
    ),
    "another collation": Damage(
        'alter table crm.account alter column name type text collate "C"',
        "crm.account.name",
        "sorts by the collation C",
    ),
    "a callable function": Damage(
        "grant execute on function crm.deal_audit_update() to public",
        "crm.deal_audit_update() to public",
        "got a right that nobody published",
    ),
    "an owner without rights": Damage(
        "revoke all on crm.deal from qryvanta_owner", "crm.deal to qryvanta_owner", "lost the right to"
    ),
    "a right to grant": Damage(
        "grant delete on crm.deal to crm_admin with grant option",
        "crm.deal to crm_admin",
        "got a right that nobody published: grant option for all",
    ),
    "default rights": Damage(
        "alter default privileges in schema crm grant select on tables to crm_viewer",
        "crm: default rights of crm_viewer",
        "got a right that nobody published",
    ),
    "a powerful role": Damage(
        "alter role crm_admin bypassrls", "crm_admin", "the role may more than any role of an app"
    ),
}


@pytest.mark.parametrize("damage", STRAYS.values(), ids=STRAYS.keys())
async def test_what_no_model_speaks_of_is_named_and_mended(connection: Connection, damage: Damage) -> None:
    app_id = await publish(connection, CRM)
    await connection.execute(damage.statement)

    found = await drift.differences(connection, app_id)
    await drift.repair(connection, app_id, allow_data_loss=True)

    assert any(d.target == damage.target and damage.words in d.difference for d in found), found
    assert await drift.differences(connection, app_id) == []


WORDS = {
    "a dropped check": ("crm.deal.deal_amount_min_check", "the constraint is missing; published was: CHECK"),
    "a weakened check": ("crm.deal.deal_amount_min_check", "the constraint is CHECK ((amount > "),
    "a dropped reference": ("crm.deal.deal_account_fkey", "the reference is missing; published was: FOREIGN"),
    "a dropped index": ("crm.deal.deal_stage_amount_idx", "the index is missing"),
    "a foreign index": ("crm.deal.extra", "nobody published this index: CREATE INDEX extra"),
    "another default": ("crm.deal.stage", "the default is 'won'::text; published was 'new'::text"),
    "a foreign default": ("crm.deal.title", "nobody published this default: 'x'::text"),
    "a lost not null": ("crm.deal.title", "the column may be empty"),
    "another type": ("crm.account.code", "the column is character varying(10) and should be text"),
    "row security switched off": ("crm.deal", "row security is off"),
    "a dropped policy": ("crm.deal.admin_read", "the policy is missing"),
    "an opened policy": (
        "crm.deal.admin_read",
        "the policy is permissive r to bi_crm_admin, crm_admin using",
    ),
    "a revoked right": ("crm.deal to crm_admin", "lost the right to select (title)"),
    "a right beyond": ("crm.deal to crm_viewer", "got a right that nobody published: truncate"),
    "a disabled trigger": ("crm.deal.deal_audit_update", "disabled; published was"),
    "a changed function": ("crm.deal_audit_update", "the function is"),
    "another owner": ("crm.deal", "it belongs to somebody else"),
    "a changed comment": ("crm.deal.title", "the comment is another one; published was 'Title"),
    "a changed formula": ("crm.deal.gross", "the formula is "),
    "a dropped column": ("crm.deal.amount", "the column is missing"),
    "a dropped table": ("crm.deal", "the table is missing"),
}


@pytest.mark.parametrize("damage", WORDS)
async def test_drift_says_in_words_what_differs_and_who_did_it(connection: Connection, damage: str) -> None:
    app_id = await publish(connection, CRM)
    await connection.execute(DAMAGES[damage])

    found = await drift.differences(connection, app_id)

    target, words = WORDS[damage]
    named = [d for d in found if d.target == target and words in d.difference]
    assert named, found
    assert (named[0].changed_by, named[0].query) == ("postgres", DAMAGES[damage])


async def test_a_missing_table_is_one_difference(connection: Connection) -> None:
    app_id = await publish(connection, CRM)
    await connection.execute("drop table crm.deal cascade")

    assert [(d.object, d.target) for d in await drift.differences(connection, app_id)] == [
        ("table", "crm.deal")
    ]


async def test_what_a_stranger_made_stays_without_leave_and_all_else_is_repaired(
    connection: Connection,
) -> None:
    app_id = await publish(connection, CRM)
    await connection.execute("create view crm.v with (security_invoker = true) as select 1 as one")
    await connection.execute("alter table crm.deal disable row level security")

    await drift.repair(connection, app_id)

    assert [d.target for d in await drift.differences(connection, app_id)] == ["crm.v"]


async def test_a_not_valid_constraint_is_drift(connection: Connection) -> None:
    app_id = await publish(connection, CRM)
    await connection.execute(
        "alter table crm.deal drop constraint deal_amount_min_check, "
        "add constraint deal_amount_min_check check (amount >= 0) not valid"
    )

    (found,) = await drift.differences(connection, app_id)
    await drift.repair(connection, app_id)

    assert "NOT VALID; published was CHECK" in found.difference
    assert await drift.differences(connection, app_id) == []


async def test_what_a_dba_may_tune_is_no_drift(connection: Connection) -> None:
    app_id = await publish(connection, CRM)
    for tuning in (
        "alter table crm.deal set (fillfactor = 80, autovacuum_enabled = false)",
        "alter table crm.deal alter column title set statistics 500",
        "create statistics crm.deal_stats on title, stage from crm.deal",
        "alter table crm.deal replica identity full",
        "alter table crm.deal cluster on deal_pkey",
        "alter table crm.deal alter column title set storage external",
    ):
        await connection.execute(tuning)

    assert await drift.differences(connection, app_id) == []


async def test_northwind_has_no_drift(connection: Connection) -> None:
    manifest = Path(__file__).parents[2] / "docs/examples/northwind/northwind.yaml"

    app_id = await publish(connection, manifest.read_text())

    assert await drift.differences(connection, app_id) == []
