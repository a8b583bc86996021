-- Deploy qryvanta:compile/definition to pg
-- requires: compile/trigger compile/policy compile/index compile/default
-- requires: compile/translation
-- The difference for every kind of object that is compared by its definition.

begin;

set local role qryvanta_owner;

create function compile.desired_definition(model jsonb)
    returns setof compile.definition
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        d.kind, d.schema_name, case when d.kind like '%function' then '' else d.table_name end, d.name,
        d.definition, d.comment
    from (
        select * from compile.desired_constraint(model)
        union all
        select * from compile.desired_foreign_key(model)
        union all
        select * from compile.desired_index(model)
        union all
        select * from compile.desired_default(model)
        union all
        select * from compile.desired_function(model)
        union all
        select * from compile.desired_trigger(model)
        union all
        select * from compile.desired_policy(model)
        union all
        select * from compile.search_policy(model)
        union all
        select * from compile.search_index(model)
        union all
        select * from compile.file_definition(model)
        union all
        select * from compile.hierarchy_definition(model)
    ) d
    where compile.in_scope(model, d.table_name)
$$;

comment on function compile.desired_definition(jsonb) is 'All definitions that a model asks for';

create function compile.actual_definition(
    schema_name text, tables text [], but_functions text []
)
    returns table (
        kind text, schema_name text, table_name text, name text, deparsed text, comment text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select * from compile.actual_constraint a
    where a.schema_name = actual_definition.schema_name
        and exists (select from unnest(tables) b (name) where b.name = a.table_name)
    union all
    select * from compile.actual_index a
    where a.schema_name = actual_definition.schema_name
        and exists (select from unnest(tables) b (name) where b.name = a.table_name)
    union all
    select * from compile.actual_default a
    where a.schema_name = actual_definition.schema_name
        and exists (select from unnest(tables) b (name) where b.name = a.table_name)
    union all
    select * from compile.actual_function a
    where a.schema_name = actual_definition.schema_name
        and not exists (select from unnest(but_functions) b (name) where b.name = a.name)
    union all
    select * from compile.actual_trigger a
    where a.schema_name = actual_definition.schema_name
        and exists (select from unnest(tables) b (name) where b.name = a.table_name)
    union all
    select * from compile.actual_policy a
    where a.schema_name = actual_definition.schema_name
        and exists (select from unnest(tables) b (name) where b.name = a.table_name)
    union all
    select * from compile.actual_view a
    where a.schema_name = actual_definition.schema_name
        and exists (select from unnest(tables) b (name) where b.name = a.table_name)
$$;

comment on function compile.actual_definition(text, text [], text []) is
'The definitions that some tables of a schema have, and all its functions but some';

create function compile.actual_definition(schema_name text)
    returns table (
        kind text, schema_name text, table_name text, name text, deparsed text, comment text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select a.*
    from compile.actual_definition(
        actual_definition.schema_name,
        array(
            select t.table_name
            from compile.actual_table t
            where t.schema_name = actual_definition.schema_name
        ),
        '{}'
    ) a
$$;

comment on function compile.actual_definition(text) is 'All definitions that a schema has';

create function compile.seen_definition(model jsonb)
    returns table (
        kind text, schema_name text, table_name text, name text, deparsed text, comment text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select a.*
    from compile.actual_definition(
        model -> 'app' ->> 'name',
        array(
            select t.table_name
            from compile.actual_table t
            where t.schema_name = model -> 'app' ->> 'name'
                and not exists (
                    select from compile.settled_table(model) s where s.table_id = t.table_id
                )
        ),
        array(select f.name from compile.settled_function(model) f)
    ) a
$$;

comment on function compile.seen_definition(jsonb) is
'The definitions that are there, but for those of settled tables';

create function compile.definition_kind()
    returns table (
        kind text, create_rank integer, drop_rank integer, create_template text, drop_template text,
        risk text, run_as text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- 1 schema, 2 table, 3 name, 4 definition: ours, or an expression in canonical form from the
    -- gate.
    values
    (
        'constraint', 50, 13, 'alter table %1$I.%2$I add constraint %3$I %4$s',
        'alter table %1$I.%2$I drop constraint %3$I', 'scans', 'executor'
    ),
    -- The executor: under forced row security the owner would see no row and find every reference
    -- right.
    (
        'foreign_key', 60, 12, 'alter table %1$I.%2$I add constraint %3$I %4$s',
        'alter table %1$I.%2$I drop constraint %3$I', 'scans', 'executor'
    ),
    ('index', 55, 14, '%4$s', 'drop index %1$I.%3$I', 'takes a lock', 'owner'),
    (
        'default', 45, 15, 'alter table %1$I.%2$I alter column %3$I set default %4$s',
        'alter table %1$I.%2$I alter column %3$I drop default', 'takes a lock', 'owner'
    ),
    (
        'formula', 46, 16,
        'alter table %1$I.%2$I drop column if exists %3$I, add column %3$I %5$s generated always as (%4$s) stored',
        'select', 'rewrites', 'executor'
    ),
    ('function', 70, 85, '%4$s', 'drop function %1$I.%3$I()', 'safe', 'owner'),
    -- The executor: it may give a function to qryvanta_search.
    (
        'search_function', 71, 84, '%4$s', 'drop function %1$I.%3$I(tsquery, text)', 'safe',
        'executor'
    ),
    ('trigger', 72, 10, '%4$s', 'drop trigger %3$I on %1$I.%2$I', 'takes a lock', 'owner'),
    (
        'policy', 80, 11, 'create policy %3$I on %1$I.%2$I %4$s', 'drop policy %3$I on %1$I.%2$I',
        'takes a lock', 'owner'
    ),
    (
        'view', 74, 19, 'create or replace view %1$I.%3$I with (security_invoker = true) as %4$s',
        'drop view %1$I.%3$I', 'safe', 'owner'
    )
$$;

comment on function compile.definition_kind() is
'How each kind of definition is made and dropped, and when';

create function compile.live_definition(model jsonb)
    returns table (
        kind text, table_name text, name text, found_table text, found_name text, deparsed text,
        comment text, gone boolean
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with names as materialized (select * from compile.renamed_names(model)),
    tables as materialized (
        select l.found_name, l.table_name from compile.live_table(model) l
    )
    select
        a.kind, coalesce(t.table_name, a.table_name),
        case when a.kind in ('default', 'formula') then coalesce(n.columns ->> a.name, a.name)
            else a.name end,
        a.table_name, a.name, a.deparsed, a.comment,
        t.found_name is not null and t.table_name is null
    from compile.seen_definition(model) a
    left join tables t on t.found_name = a.table_name
    left join names n on n.found_table = a.table_name
$$;

comment on function compile.live_definition(jsonb) is
'The definitions that are there, by the table names of the model; gone: of a table that it does '
'not know';

create function compile.found_difference(model jsonb)
    returns table (
        kind text, schema_name text, table_name text, name text, found_table text, found_name text,
        definition text, change text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with asked as materialized (
        select d.*, compile.masked(d.kind, d.name, d.definition) as text
        from compile.desired_definition(model) d
    ),
    live as materialized (select * from compile.live_definition(model)),
    -- As it was published: what PostgreSQL made of it then is what it says now.
    sound as materialized (
        select l.*, k.text
        from live l
        join compile.known_definition(model) k using (kind, found_table, found_name)
        where l.deparsed = k.deparsed and not l.gone
    ),
    kept as materialized (
        select a.kind, a.table_name, a.name
        from asked a
        join sound s using (kind, table_name, name, text)
    ),
    renamed as materialized (
        select a.kind, a.table_name, a.name, s.found_table, s.found_name
        from (
            select
                x.kind, x.table_name, x.name, x.text,
                row_number() over (partition by x.kind, x.table_name, x.text order by x.name) as n
            from asked x
            where x.kind in ('constraint', 'foreign_key', 'index')
                and not exists (
                    select
                    from kept k
                    where k.kind = x.kind and k.table_name = x.table_name and k.name = x.name
                )
        ) a
        join (
            select
                x.kind, x.table_name, x.found_table, x.found_name, x.text,
                row_number() over (partition by x.kind, x.table_name, x.text order by x.name) as n
            from sound x
            where not exists (
                select
                from kept k
                where k.kind = x.kind and k.table_name = x.table_name and k.name = x.name
            )
        ) s using (kind, table_name, text, n)
    )
    select a.kind, a.schema_name, a.table_name, a.name, r.found_table, r.found_name, a.definition,
        'rename'
    from renamed r
    join asked a using (kind, table_name, name)
    union all
    select
        a.kind, a.schema_name, a.table_name, a.name, l.found_table, l.found_name, a.definition,
        case when l.name is null then 'create' else 'replace' end
    from asked a
    -- A table that goes may have the name that another one gets.
    left join (select x.* from live x where not x.gone) l using (kind, table_name, name)
    where not exists (
            select
            from kept k
            where k.kind = a.kind and k.table_name = a.table_name and k.name = a.name
        )
        and not exists (
            select
            from renamed r
            where r.kind = a.kind and r.table_name = a.table_name and r.name = a.name
        )
    union all
    select
        a.kind, a.schema_name, a.table_name, a.name, l.found_table, l.found_name, a.comment, 'comment'
    from asked a
    -- A table that goes may have the name that another one gets.
    left join (select x.* from live x where not x.gone) l using (kind, table_name, name)
    where a.comment is not null and a.comment is distinct from l.comment
    union all
    select
        l.kind, model -> 'app' ->> 'name', l.table_name, l.name, l.found_table, l.found_name, null,
        'drop'
    from live l
    where not exists (
            select
            from asked a
            join kept k using (kind, table_name, name)
            where a.kind = l.kind and a.table_name = l.table_name and a.name = l.name
        )
        and not exists (
            select
            from renamed r
            where r.kind = l.kind and r.found_table = l.found_table and r.found_name = l.found_name
        )
$$;

comment on function compile.found_difference(jsonb) is
'Definitions to create, to replace, to rename (found_name is what it is called), to drop, and to '
'comment on (the definition is the comment); what is to be replaced is listed as drop too';

create function compile.definition_difference(model jsonb)
    returns table (
        kind text, schema_name text, table_name text, name text, found_table text, found_name text,
        definition text, change text
    )
    immutable
    rows 100
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select d.*
    from jsonb_to_recordset(model -> 'differences') as d (
        kind text, schema_name text, table_name text, name text, found_table text, found_name text,
        definition text, change text
    )
$$;

comment on function compile.definition_difference(jsonb) is
'compile.found_difference() as compile.compared() looked it up, once for all steps of a plan';

create function compile.compared(model jsonb)
    returns jsonb
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
begin
    return model || jsonb_build_object(
        'differences',
        coalesce((select jsonb_agg(to_jsonb(d)) from compile.found_difference(model) d), '[]')
    );
end
$$;

comment on function compile.compared(jsonb) is
'A situated model with the definitions that differ from what is there';

create function compile.comparison(manifest jsonb, whole jsonb default null)
    returns jsonb
    stable
    language sql
return compile.compared(compile.situated(compile.scoped(manifest, whole)));

comment on function compile.comparison(jsonb, jsonb) is
'All that the steps of a plan start from: the model as far as it may differ, what is there for it, '
'and the definitions that differ';

commit;
