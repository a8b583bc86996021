-- Deploy qryvanta:audit/change to pg
-- requires: tenancy/current
-- The change log: one row a changed record with the changed columns only, in the transaction of the
-- change, whoever made it by whatever door. Partitioned by month; nobody changes what is written.

begin;

set local role qryvanta_owner;

-- Not an id that means anything: it only tells changes of one instant apart, and is cheap.
create sequence audit.change_number;

create table audit.change (
    tenant_id uuid not null,
    at timestamptz not null default clock_timestamp(),
    change_id bigint not null default nextval('audit.change_number'),
    transaction_id xid8 not null default pg_current_xact_id(),
    operation "char" not null,
    relation oid not null,
    entity_id uuid not null,
    row_id uuid not null,
    actor_id uuid,
    login name not null default session_user,
    source text,
    reason text,
    request_id text,
    old_values jsonb,
    new_values jsonb,

    -- The history of a record is what is asked for; one index serves it and the key.
    constraint change_pkey primary key (tenant_id, entity_id, row_id, at, change_id),
    constraint change_operation_check check (operation in ('I', 'U', 'D')),
    constraint change_old_values_check check ((operation = 'I') = (old_values is null)),
    constraint change_new_values_check check ((operation = 'D') = (new_values is null))
) partition by range (at);

create index change_at_idx on audit.change using brin (at);

comment on table audit.change is 'Who changed which record, when, from what to what';
comment on column audit.change.operation is 'I insert, U update, D delete';
comment on column audit.change.relation is
'The table at that time; information only, entity_id is what stays';
comment on column audit.change.actor_id is
'The user; null for a direct SQL login that stands for no user';
comment on column audit.change.login is 'The database login';
comment on column audit.change.source is
'api, screen, import, worker, command; sql for a direct login';
comment on column audit.change.old_values is 'The changed columns before; all of them for a delete';
comment on column audit.change.new_values is 'The changed columns after; all of them for an insert';

alter table audit.change enable row level security, force row level security;

-- Reached only by the generated triggers, which run as the owner.
create policy change_write on audit.change for insert to qryvanta_owner with check (true);
-- The owner reads for audit.history, which asks who is asking.
create policy change_read on audit.change for select to qryvanta_owner
    using (tenant_id = (select tenancy.current_id()));

create function audit.refuse()
    returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception '% of % is refused', lower(tg_op), tg_table_schema || '.' || tg_table_name
        using errcode = '42501',
        hint = 'The change log is append-only, and audited tables are not truncated.';
end
$$;

comment on function audit.refuse() is
'Trigger: refuses what would escape or change the log; raises 42501';

create trigger change_immutable
before update or delete on audit.change
for each row execute function audit.refuse();

create trigger change_no_truncate
before truncate on audit.change
for each statement execute function audit.refuse();

create function audit.ensure_partition(month date)
    returns text
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
    -- Months of UTC, whatever the zone of the caller: else the next partition overlaps or leaves a
    -- gap.
    set timezone = 'UTC'
as $$
declare
    first_day date := date_trunc('month', month)::date;
    partition_name text := 'change_' || to_char(month, 'YYYY_MM');
begin
    if to_regclass('audit.' || partition_name) is not null then
        return partition_name;
    end if;
    -- Created apart and attached: that does not lock out readers and writers of the log.
    execute format(
        'create table audit.%I (like audit.change including defaults including constraints)',
        partition_name
    );
    execute format(
        'alter table audit.change attach partition audit.%I for values from (%L) to (%L)',
        partition_name, first_day::timestamptz, (first_day + interval '1 month')::timestamptz
    );
    -- Row triggers follow to a partition, a truncate trigger does not.
    execute format(
        'create trigger change_no_truncate before truncate on audit.%I
        for each statement execute function audit.refuse()',
        partition_name
    );
    return partition_name;
end
$$;

comment on function audit.ensure_partition(date) is
'Makes the partition of the log for the month of a date where it is missing; its name';

create function audit.setting(name text)
    returns text
    stable
    parallel safe
    language sql
    set search_path = pg_catalog, pg_temp
return case
    when pg_has_role(session_user, 'tenant_setting', 'member')
        then nullif(current_setting('qryvanta.' || setting.name, true), '')
end;

comment on function audit.setting(text) is
'What the server or a worker says of this transaction (source, reason, request_id); nobody else '
'is believed';

grant execute on function audit.ensure_partition(date) to qryvanta_worker;
grant usage on schema audit to qryvanta_worker;

-- The net: without a partition every audited write would fail. It stays empty.
create table audit.change_default partition of audit.change default;

create trigger change_no_truncate
before truncate on audit.change_default
for each statement execute function audit.refuse();

select audit.ensure_partition(current_date);
select audit.ensure_partition((current_date + interval '1 month')::date);

commit;
