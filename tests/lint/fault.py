"""One fault for every lint: what somebody did to the database, and the object that the lint names."""

from datetime import UTC, datetime
from typing import NamedTuple


class Fault(NamedTuple):
    """A statement of the administrator, and what is wrong after it."""

    statement: str
    object: str


PRODUCT = "northwind.product"
AUDIT_INSERT = f"alter table {PRODUCT} disable trigger product_audit_insert"
FUNCTION = "northwind.planted()"


def _function(options: str, body: str = "'select 1'") -> str:
    """A function of the owner that nobody else may call, beside what is wrong with it."""
    return f"""
        set local role qryvanta_owner;
        create function {FUNCTION} returns integer {options} language sql as {body};
        reset role
    """


FAULTS = {
    "audit_trigger_missing": Fault(AUDIT_INSERT, PRODUCT),
    "blocking_function_public": Fault(
        "grant execute on function pg_advisory_lock(bigint) to public", "pg_advisory_lock(bigint)"
    ),
    "change_default_filled": Fault(
        """
        insert into audit.change (tenant_id, at, operation, relation, entity_id, row_id, new_values)
        select gen_random_uuid(), '1999-01-01', 'I', 0, gen_random_uuid(), gen_random_uuid(), '{}'
        """,
        "audit.change_default",
    ),
    "change_log_granted": Fault(
        "grant insert (tenant_id) on audit.change to northwind_sales", "audit.change.tenant_id"
    ),
    "change_log_mutable": Fault("alter table audit.change disable trigger change_immutable", "audit.change"),
    "change_partition_missing": Fault(
        """
        do $$ begin
            execute format('alter table audit.change detach partition audit.change_%s',
                to_char(now() at time zone 'UTC', 'YYYY_MM'));
            execute format('alter table audit.change_%s rename to change_1999_01',
                to_char(now() at time zone 'UTC', 'YYYY_MM'));
        end $$
        """,
        f"audit.change_{datetime.now(UTC):%Y_%m}",
    ),
    "column_unportable": Fault(
        f"alter table {PRODUCT} add planted integer generated always as identity", f"{PRODUCT}.planted"
    ),
    "constraint_unvalidated": Fault(
        f"alter table {PRODUCT} add constraint planted check (id is not null) not valid",
        f"{PRODUCT} constraint planted",
    ),
    "database_public": Fault(
        "do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$",
        "database lint_sample",
    ),
    "expression_foreign": Fault(
        f"""
        {_function("immutable")};
        alter table {PRODUCT} add constraint planted check (northwind.planted() = 1)
        """,
        f"{PRODUCT} constraint planted",
    ),
    "foreign_key_sets_null": Fault(
        f"""
        alter table {PRODUCT} add planted uuid references tenancy.tenant (tenant_id) on delete set null
        """,
        f"{PRODUCT} constraint product_planted_fkey",
    ),
    "foreign_key_unindexed": Fault(
        f"alter table {PRODUCT} add planted uuid references tenancy.tenant (tenant_id)",
        f"{PRODUCT} constraint product_planted_fkey",
    ),
    "function_leakproof": Fault("alter function textlike(text, text) leakproof", "textlike(text,text)"),
    "function_public": Fault(_function("") + f"; grant execute on function {FUNCTION} to public", FUNCTION),
    "gateway_inheriting": Fault("alter role qryvanta_server inherit", "qryvanta_server"),
    "gateway_member": Fault("create role planted; grant qryvanta_server to planted", "planted"),
    "grant_excessive": Fault(f"grant truncate on {PRODUCT} to northwind_sales", PRODUCT),
    "index_invalid": Fault(
        "update pg_index set indisvalid = false where indexrelid = 'northwind.product_pkey'::regclass",
        f"{PRODUCT} index northwind.product_pkey",
    ),
    "key_tenantless": Fault(
        f"create unique index planted on {PRODUCT} (name)", f"{PRODUCT} index northwind.planted"
    ),
    "login_chooses_tenant": Fault(
        """
        create role bi_planted login;
        insert into tenancy.database_login (login, tenant_id)
        select 'bi_planted', tenant_id from tenancy.tenant;
        grant tenant_setting to bi_planted
        """,
        "bi_planted",
    ),
    "login_outside_mirror": Fault(
        """
        create role bi_planted login;
        insert into tenancy.database_login (login, tenant_id)
        select 'bi_planted', tenant_id from tenancy.tenant;
        grant northwind_sales to bi_planted
        """,
        "bi_planted",
    ),
    "materialized_view_granted": Fault(
        f"""
        create materialized view northwind.planted as select name from {PRODUCT};
        grant select on northwind.planted to northwind_sales
        """,
        "northwind.planted",
    ),
    "mirror_writes": Fault(f"grant update (name) on {PRODUCT} to bi_northwind_sales", f"{PRODUCT}.name"),
    "name_quoted": Fault(f'alter table {PRODUCT} add "Planted" text', f'{PRODUCT}."Planted"'),
    "owner_reachable": Fault("create role planted login; grant qryvanta_owner to planted", "planted"),
    "owner_wrong": Fault(f"alter table {PRODUCT} owner to postgres", PRODUCT),
    "partition_granted": Fault(
        "grant select on audit.change_default to northwind_sales", "audit.change_default"
    ),
    "policy_missing": Fault("create table northwind.planted (tenant_id uuid)", "northwind.planted"),
    "policy_public": Fault(
        f"create policy planted on {PRODUCT} using (tenant_id = (select tenancy.current_id()))",
        f"{PRODUCT} policy planted",
    ),
    "policy_restrictive": Fault(
        f"create policy planted on {PRODUCT} as restrictive to northwind_sales using (true)",
        f"{PRODUCT} policy planted",
    ),
    "policy_tenantless": Fault(
        f"create policy planted on {PRODUCT} for insert to northwind_sales with check (name > '')",
        f"{PRODUCT} policy planted",
    ),
    "rls_missing": Fault(f"alter table {PRODUCT} no force row level security", PRODUCT),
    "role_too_powerful": Fault("alter role northwind_sales bypassrls", "northwind_sales"),
    "schema_public": Fault("grant usage on schema audit to public", "schema audit"),
    "search_path_mutable": Fault(_function(""), FUNCTION),
    "trigger_disabled": Fault(AUDIT_INSERT, f"{PRODUCT} trigger product_audit_insert"),
    "view_definer": Fault(
        f"create view northwind.planted as select name from {PRODUCT}", "northwind.planted"
    ),
}
