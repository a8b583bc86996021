-- Deploy qryvanta:compile/index to pg
-- requires: compile/constraint

begin;

set local role qryvanta_owner;

create function compile.asked_index(model jsonb)
    returns table (schema_name text, table_name text, fields text[])
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        e.schema_name, e.table_name,
        array(select jsonb_array_elements_text(i.index -> 'fields'))
    from compile.entity(model) e
    cross join lateral jsonb_array_elements(e.entity -> 'indexes') as i (index)
$$;

comment on function compile.asked_index(jsonb) is 'The fields of the indexes that a model names';

create function compile.index_columns(model jsonb)
    returns table (schema_name text, table_name text, fields text[])
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- A reference needs an index, or each delete of its target scans the table; one that begins
    -- with it will do. That of a key over live rows only will not.
    with covered as (
        select i.schema_name, i.table_name, i.fields[1] as name
        from compile.asked_index(model) i
        where cardinality(i.fields) > 1
        union
        select k.schema_name, k.table_name, k.fields[1]
        from compile.unique_key(model) k
        where not k.partial
    )
    select f.schema_name, f.table_name, array[f.name]
    from compile.field(model) f
    where (f.type in ('lookup', 'user') or (f.field ->> 'indexed')::boolean)
        and f.column_name is not null
        and not exists (
            select
            from covered l
            where l.schema_name = f.schema_name and l.table_name = f.table_name and l.name = f.name
        )
    union
    select i.schema_name, i.table_name, i.fields from compile.asked_index(model) i
    union
    -- The index of the key itself is of no use to a query.
    select k.schema_name, k.table_name, k.fields
    from compile.unique_key(model) k
    where exists (
        select
        from compile.field(model) f
        where f.schema_name = k.schema_name and f.table_name = k.table_name
            and f.name = any(k.fields) and f.field ->> 'order_column' is not null
    )
$$;

comment on function compile.index_columns(jsonb) is
'The fields of each index that a model asks for: named, indexed fields, references';

create function compile.desired_index(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with named as materialized (
        select
            f.schema_name, f.table_name, f.name,
            coalesce(f.field ->> 'order_column', f.column_name) as column_name
        from compile.field(model) f
    )

    select
        'index', i.schema_name, i.table_name,
        compile.derived_name(i.table_name || '_' || array_to_string(i.fields, '_') || '_idx'),
        format(
            'create index %I on %I.%I (tenant_id, %s)',
            compile.derived_name(i.table_name || '_' || array_to_string(i.fields, '_') || '_idx'),
            i.schema_name, i.table_name,
            string_agg(format('%I', f.column_name), ', ' order by n.place)
        ),
        null
    from compile.index_columns(model) i
    cross join lateral unnest(i.fields) with ordinality as n (name, place)
    join named f
        on f.schema_name = i.schema_name and f.table_name = i.table_name and f.name = n.name
    group by i.schema_name, i.table_name, i.fields
    union all
    -- Each target of a lookup among several: its index begins with nothing else.
    select
        'index', f.schema_name, f.table_name,
        compile.derived_name(concat_ws('_', f.table_name, f.name, f.part, 'idx')),
        format(
            'create index %I on %I.%I (tenant_id, %I)',
            compile.derived_name(concat_ws('_', f.table_name, f.name, f.part, 'idx')),
            f.schema_name, f.table_name, f.column_name
        ),
        null
    from compile.field_column(model) f
    where f.field ->> 'type' = 'lookup' and not f.sole
    union all
    select
        'index', k.schema_name, k.table_name, k.name,
        format(
            'create unique index %I on %I.%I (tenant_id, %s) where deleted_at is null', k.name,
            k.schema_name, k.table_name, k.columns
        ),
        format('%s must be unique', k.labels)
    from compile.unique_key(model) k
    where k.partial
    union all
    select
        'index', e.schema_name, e.table_name, compile.derived_name(e.table_name || '_owner_idx'),
        format(
            'create index %I on %I.%I (tenant_id, owner_id)',
            compile.derived_name(e.table_name || '_owner_idx'), e.schema_name, e.table_name
        ),
        null
    from compile.entity(model) e
    where e.owned
$$;

comment on function compile.desired_index(jsonb) is
'Indexes that a model asks for, the tenant first';

create view compile.actual_index as
select
    'index' as kind,
    n.nspname as schema_name,
    c.relname as table_name,
    ic.relname as name,
    pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' -- invalid' end
        as deparsed,
    obj_description(i.indexrelid, 'pg_class') as comment
from pg_catalog.pg_index i
join pg_catalog.pg_class ic on ic.oid = i.indexrelid
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where not exists (
    select
    from pg_catalog.pg_constraint co
    where co.conindid = i.indexrelid and co.contype in ('p', 'u', 'x')
);

comment on view compile.actual_index is 'The indexes that are there, beside those of constraints';

commit;
