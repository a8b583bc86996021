-- Deploy qryvanta:compile/comment to pg
-- requires: compile/definition compile/create_table
-- Labels and descriptions as comments: what a DBA reads in psql and an analyst in the BI tool.

begin;

set local role qryvanta_owner;

create function compile.comment_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', 95, 'comment', x.target, format('comment on %s is %L', x.object, x.wanted), 'safe',
        'labels and descriptions stand in the database', 'owner'
    from (
        select
            format('schema %I', s.name) as object, s.name as target,
            s.label || coalesce(': ' || nullif(s.description, ''), '') as wanted,
            obj_description(to_regnamespace(quote_ident(s.name)), 'pg_namespace') as found
        from (
            select
                model -> 'app' ->> 'name' as name, model -> 'app' ->> 'label' as label,
                model -> 'app' ->> 'description' as description
        ) s
        union all
        select
            format('table %I.%I', e.schema_name, e.table_name),
            format('%s.%s', e.schema_name, e.table_name),
            (e.entity ->> 'plural') || coalesce(': ' || nullif(e.entity ->> 'description', ''), ''),
            t.comment
        from compile.entity(model) e
        left join compile.live_table(model) t using (schema_name, table_name)
        where compile.in_scope(model, e.table_name)
        union all
        select
            format('column %I.%I.%I', c.schema_name, c.table_name, c.column_name),
            format('%s.%s.%s', c.schema_name, c.table_name, c.column_name), c.comment, a.comment
        from compile.desired_column(model) c
        left join compile.live_column(model) a using (schema_name, table_name, column_name)
        union all
        select
            case d.kind
                when 'index' then format('index %I.%I', d.schema_name, d.name)
                when 'view' then format('view %I.%I', d.schema_name, d.name)
                when 'policy' then format('policy %I on %I.%I', d.name, d.schema_name, d.table_name)
                else format('constraint %I on %I.%I', d.name, d.schema_name, d.table_name)
            end,
            format('%s.%s.%s', d.schema_name, d.table_name, d.name), d.definition, null
        from compile.definition_difference(model) d
        where d.change = 'comment'
    ) x
    where x.wanted is distinct from x.found
$$;

comment on function compile.comment_step(jsonb) is 'Comments that are missing or out of date';

commit;
