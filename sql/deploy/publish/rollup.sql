-- Deploy qryvanta:publish/rollup to pg
-- requires: publish/app compile/rollup
-- Rollups computed again from their children, where somebody switched triggers off or truncated a
-- table, and the proof that they are right.

begin;

set local role qryvanta_owner;

create function publish.published_rollup(app_name text, entity text, field text)
    returns table (schema_name text, table_name text, column_name text, value text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select r.schema_name, r.table_name, r.column_name, r.value
    from meta.app a
    join publish.version v on v.app_id = a.app_id and v.number = a.published_version
    cross join lateral compile.rollup(v.model) r
    where a.name = app_name
        and r.table_name = coalesce(published_rollup.entity, r.table_name)
        and r.column_name = coalesce(published_rollup.field, r.column_name)
    order by r.table_name, r.place
$$;

comment on function publish.published_rollup(text, text, text) is
'The rollups of the version in force of an app, of one entity, or one of them';

create function publish.rebuild_batch(
    app_name text, entity text, field text, only_check boolean, after_tenant_id uuid,
    after_id uuid, size integer
)
    returns table (tenant_id uuid, id uuid, examined integer, different bigint)
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    administrator text := current_setting('role');
    part record;
    tenant_ids uuid[];
    ids uuid[];
    differences bigint;
begin
    select r.* into strict part from publish.published_rollup(app_name, entity, field) r;
    perform publish.become('executor', administrator);
    execute format(
        'select array_agg(k.tenant_id), array_agg(k.id) from (select p.tenant_id, p.id '
        'from %I.%I p where (p.tenant_id, p.id) > ($1, $2) order by p.tenant_id, p.id limit $3) k',
        part.schema_name, part.table_name
    )
    into tenant_ids, ids
    using after_tenant_id, after_id, size;
    if only_check then
        -- One snapshot: whoever writes children changes them and the rollup in one transaction.
        execute format(
            'select count(*) from unnest($1, $2) as k (tenant_id, id) '
            'join %I.%I p using (tenant_id, id) where p.%I is distinct from %s',
            part.schema_name, part.table_name, part.column_name, part.value
        )
        into differences
        using tenant_ids, ids;
    else
        execute format(
            'select from %I.%I p join unnest($1, $2) as k (tenant_id, id) using (tenant_id, id) '
            'order by p.tenant_id, p.id for no key update of p',
            part.schema_name, part.table_name
        )
        using tenant_ids, ids;
        -- A statement of its own: it sees the children that were committed before the locks.
        execute format(
            'update %1$I.%2$I t set %3$I = v.value from (select p.tenant_id, p.id, %4$s as value '
            'from unnest($1, $2) as k (tenant_id, id) join %1$I.%2$I p using (tenant_id, id)) v '
            'where v.tenant_id = t.tenant_id and v.id = t.id and t.%3$I is distinct from v.value',
            part.schema_name, part.table_name, part.column_name, part.value
        )
        using tenant_ids, ids;
        get diagnostics differences = row_count;
    end if;
    perform publish.become('administrator', administrator);
    return query
    select
        tenant_ids[cardinality(tenant_ids)], ids[cardinality(ids)], coalesce(cardinality(ids), 0),
        differences;
end
$$;

comment on function publish.rebuild_batch(text, text, text, boolean, uuid, uuid, integer) is
'Computes a rollup of the next records after one of a tenant again, or only counts where it would '
'differ; the last of these records, how many they were and how many differed';

create function publish.rebuild(
    app_name text, entity text default null, field text default null,
    only_check boolean default false
)
    returns table (entity_name text, field_name text, examined bigint, different bigint)
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select r.table_name, r.column_name, b.examined, b.different
    from publish.published_rollup(app_name, rebuild.entity, rebuild.field) r
    cross join lateral publish.rebuild_batch(
        app_name, r.table_name, r.column_name, only_check,
        '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', null
    ) b
$$;

comment on function publish.rebuild(text, text, text, boolean) is
'Computes the rollups of an app, of one entity or one of them again, of all tenants, in one '
'transaction; how many records had another value. `qryvanta data rebuild` does it in batches';

commit;
