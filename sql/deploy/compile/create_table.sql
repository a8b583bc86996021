-- Deploy qryvanta:compile/create_table to pg
-- requires: compile/column
-- The schema of the app and its tables: created whole, owned by the owner, row security forced.

begin;

set local role qryvanta_owner;

create function compile.schema_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', 20, 'create_schema', s.name, format('create schema %I', s.name), 'safe',
        'an app lives in a schema of its name', 'owner'
    from (select model -> 'app' ->> 'name' as name) s
    where not exists (select from pg_catalog.pg_namespace n where n.nspname = s.name)
$$;

comment on function compile.schema_step(jsonb) is 'The schema of the app where it is missing';

create function compile.create_table_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', 30, 'create_table', format('%s.%s', d.schema_name, d.table_name),
        format(
            E'create table %I.%I (\n    %s\n)', d.schema_name, d.table_name,
            string_agg(
                compile.column_clause(
                    d.column_name, d.sql_type, d.not_null, d.default_sql, d.formula_sql
                ),
                E',\n    '
                order by d.place, d.column_name
            )
        ),
        'safe', 'the entity has no table yet', 'owner'
    from compile.desired_column(model) d
    left join compile.live_table(model) a using (schema_name, table_name)
    where a.table_name is null
    group by d.schema_name, d.table_name
$$;

comment on function compile.create_table_step(jsonb) is 'Entities without a table';

create function compile.rename_table_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with renamed as (
        select
            t.*,
            -- A name that another table gives up in the same publish is free only afterwards:
            -- all give up theirs first, then those that had to wait take their own.
            exists (
                select
                from compile.live_table(model) o
                where o.found_name = t.table_name and o.table_name <> o.found_name
            ) as detour
        from compile.live_table(model) t
        where t.table_name <> t.found_name
    )
    select
        'transactional', s.rank, s.kind, format('%s.%s', r.schema_name, r.table_name),
        format('alter table %I.%I rename to %I', r.schema_name, s.from_name, s.to_name),
        'takes a lock', s.why, 'owner'
    from renamed r
    cross join lateral (values
        (
            20, 'rename_table', r.detour, r.found_name, '_moving_' || r.table_id,
            'its new name is that of a table which moves too'
        ),
        (
            case when r.detour then 21 else 20 end,
            case when r.found_name like '\_dropped\_%' then 'restore_table' else 'rename_table' end,
            true, case when r.detour then '_moving_' || r.table_id else r.found_name end,
            r.table_name,
            case
                when r.found_name like '\_dropped\_%' then 'the entity is back, with its data'
                else format('the entity was called %s', r.found_name)
            end
        )
    ) as s (rank, kind, wanted, from_name, to_name, why)
    where s.wanted
$$;

comment on function compile.rename_table_step(jsonb) is
'Tables that the model calls otherwise, or that come back from where they were set aside';

create function compile.drop_table_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', 19, 'drop_table', format('%s.%s', a.schema_name, a.found_name),
        format(
            'alter table %I.%I rename to %I', a.schema_name, a.found_name,
            compile.quarantine_name(a.found_name)
        ),
        'loses data', 'no entity of the model; set aside with its data', 'owner'
    from compile.live_table(model) a
    where a.table_name is null and not compile.is_internal(a.found_name)
$$;

comment on function compile.drop_table_step(jsonb) is 'Tables that the model does not know';

create function compile.row_security_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', 32, 'force_row_security', format('%s.%s', d.schema_name, d.table_name),
        format(
            'alter table %I.%I enable row level security, force row level security', d.schema_name,
            d.table_name
        ),
        case when a.table_id is null then 'safe' else 'takes a lock' end,
        'a row is visible to its tenant only, whoever asks', 'owner'
    from compile.entity(model) d
    left join compile.live_table(model) a using (schema_name, table_name)
    where (a.row_security and a.force_row_security) is not true
        and compile.in_scope(model, d.table_name)
$$;

comment on function compile.row_security_step(jsonb) is
'Tables whose row security is off or not forced';

create function compile.owner_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', 31, 'set_owner', format('%s.%s', d.schema_name, d.table_name),
        format('alter table %I.%I owner to qryvanta_owner', d.schema_name, d.table_name),
        'takes a lock', 'nobody who can log in may own a table', 'administrator'
    from compile.entity(model) d
    join compile.live_table(model) a using (schema_name, table_name)
    where a.owner_name <> 'qryvanta_owner'
$$;

comment on function compile.owner_step(jsonb) is 'Tables in the hands of somebody else';

commit;
