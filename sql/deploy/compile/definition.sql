-- Deploy qryvanta:compile/definition to pg
-- requires: compile/trigger compile/policy compile/index compile/default publish/definition
-- The difference for every kind of object that is compared by its definition.

begin;

set local role qryvanta_owner;

create function compile.desired_definition(model jsonb)
    returns setof compile.definition
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select * from compile.desired_constraint(model)
    union all
    select * from compile.desired_foreign_key(model)
    union all
    select * from compile.desired_index(model)
    union all
    select * from compile.desired_default(model)
    union all
    select d.kind, d.schema_name, '', d.name, d.definition,
    d.comment from compile.desired_function(model) d
    union all
    select * from compile.desired_trigger(model)
    union all
    select * from compile.desired_policy(model)
$$;

comment on function compile.desired_definition(jsonb) is 'All definitions that a model asks for';

create function compile.actual_definition(schema_name text)
    returns table (
        kind text, schema_name text, table_name text, name text, deparsed text, comment text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select * from compile.actual_constraint a where a.schema_name = actual_definition.schema_name
    union all
    select * from compile.actual_index a where a.schema_name = actual_definition.schema_name
    union all
    select * from compile.actual_default a where a.schema_name = actual_definition.schema_name
    union all
    select * from compile.actual_function a where a.schema_name = actual_definition.schema_name
    union all
    select * from compile.actual_trigger a where a.schema_name = actual_definition.schema_name
    union all
    select * from compile.actual_policy a where a.schema_name = actual_definition.schema_name
$$;

comment on function compile.actual_definition(text) is 'All definitions that a schema has';

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
    ('trigger', 72, 10, '%4$s', 'drop trigger %3$I on %1$I.%2$I', 'takes a lock', 'owner'),
    (
        'policy', 80, 11, 'create policy %3$I on %1$I.%2$I %4$s', 'drop policy %3$I on %1$I.%2$I',
        'takes a lock', 'owner'
    )
$$;

comment on function compile.definition_kind() is
'How each kind of definition is made and dropped, and when';

create function compile.definition_difference(model jsonb)
    returns table (
        kind text, schema_name text, table_name text, name text, definition text, wanted boolean,
        present boolean, sql_type text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        kind, schema_name, table_name, name, d.definition, d.name is not null, a.name is not null,
        c.column_type
    from compile.desired_definition(model) d
    full join compile.actual_definition(model -> 'app' ->> 'name') a
        using (kind, schema_name, table_name, name)
    left join publish.definition p using (kind, schema_name, table_name, name)
    left join (
        select f.table_name as owner_table, f.column_name, f.sql_type as column_type
        from compile.desired_column(model) f
        where f.formula_sql is not null
    ) c
        on d.kind = 'formula' and c.owner_table = d.table_name and c.column_name = d.name
    where (d.definition = p.definition and a.deparsed = p.deparsed) is not true
$$;

comment on function compile.definition_difference(jsonb) is
'Definitions that are asked for and missing, there and not asked for, or not as they were '
'published';

create function compile.definition_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with different as (
        select
            x.*, k.create_rank, k.drop_rank, k.create_template, k.drop_template, k.risk, k.run_as,
            concat(x.schema_name, '.', nullif(x.table_name, '') || '.', x.name) as target
        from compile.definition_difference(model) x
        join compile.definition_kind() k using (kind)
        -- Of a table or column that is set aside, or not there yet, other steps take care.
        where x.table_name not like '\_dropped\_%'
    )
    select
        'transactional', x.drop_rank, 'drop_' || x.kind, x.target,
        format(x.drop_template, x.schema_name, x.table_name, x.name), 'takes a lock',
        case when x.wanted then 'it is not as it was published'
            else 'the model does not ask for it' end,
        x.run_as
    from different x
    where x.present
        and x.kind <> 'formula'
        and not (x.wanted and x.kind in ('default', 'function'))
        and not (
            x.kind = 'default'
            and not exists (
                select
                from compile.desired_column(model) c
                where c.schema_name = x.schema_name and c.table_name = x.table_name
                    and c.column_name = x.name
            )
        )
    union all
    select
        'transactional', x.create_rank, case when x.present then 'replace_' else 'create_' end
            || x.kind,
        x.target,
        format(x.create_template, x.schema_name, x.table_name, x.name, x.definition, x.sql_type),
        case when t.table_id is null then 'safe' else x.risk end,
        case when x.present then 'it is not as it was published' else 'the model asks for it' end,
        x.run_as
    from different x
    left join compile.actual_table t using (schema_name, table_name)
    where x.wanted
        -- A column is made with its default and formula.
        and not (
            x.kind in ('default', 'formula')
            and not exists (
                select
                from compile.actual_column c
                where c.schema_name = x.schema_name and c.table_name = x.table_name
                    and c.column_name = x.name
            )
        )
$$;

comment on function compile.definition_step(jsonb) is
'The steps that make every constraint, index, default, function, trigger and policy as the model '
'asks';

commit;
