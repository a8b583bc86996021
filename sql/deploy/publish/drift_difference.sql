-- Deploy qryvanta:publish/drift_difference to pg
-- requires: publish/stray publish/ddl_event
-- Drift for people: what is otherwise than published, said of the thing itself, with the statements
-- that would repair it and with who changed it last.

begin;

set local role qryvanta_owner;

create function publish.drift_object(kind text)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return case
    when kind ~ '_foreign_key$' then 'reference'
    when kind in ('add_column', 'drop_column', 'alter_type', 'set_not_null', 'drop_not_null',
        'rename_column', 'restore_column', 'drop_identity', 'set_collation') then 'column'
    when kind in ('force_row_security') then 'row security'
    when kind in ('set_owner', 'set_logged', 'no_inherit', 'enable_trigger') then 'table'
    when kind in ('grant', 'revoke') then 'right'
    when kind in ('grant_role', 'alter_role') then 'role'
    else replace(
        regexp_replace(kind, '^(create|replace|drop|rename|add|alter|set|stray|restore)_', ''),
        '_', ' '
    )
end;

comment on function publish.drift_object(text) is 'What a kind of step makes, changes or drops';

create function publish.drift_steps(app_id uuid)
    returns table (
        place bigint, object text, target text, kind text, statement text, risk text, why text
    )
    stable
    language sql
    rows 10
    set search_path = pg_catalog, pg_temp
as $$
    with given as materialized (
        select s.*, row_number() over (order by s.part, s.rank, s.target) as place
        from (
            select 1 as part, x.* from publish.stray(drift_steps.app_id) x
            union all
            select 2, x.* from publish.drift(drift_steps.app_id) x
        ) s
    ),
    -- All that belongs to a table that is missing is missing with it.
    missing as (
        select g.target, publish.drift_object(g.kind) as object
        from given g
        where g.kind in ('create_table', 'create_schema')
    )
    select
        g.place,
        coalesce(
            m.object,
            -- What is made anew gets its comment anew.
            case
                when g.kind = 'comment' then (
                    select publish.drift_object(o.kind)
                    from given o
                    where o.target = g.target and o.kind <> 'comment'
                    limit 1
                )
            end,
            publish.drift_object(g.kind)
        ),
        coalesce(m.target, g.target), g.kind, g.statement, g.risk, g.why
    from given g
    left join lateral (
        select x.*
        from missing x
        where g.target = x.target or starts_with(g.target, x.target || '.')
            or starts_with(g.target, x.target || ' ')
        order by length(x.target)
        limit 1
    ) m on true
$$;

comment on function publish.drift_steps(uuid) is 'The steps of a repair, each with what it repairs';

create function publish.drift_definition(app text)
    returns table (object text, target text, published text, found text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        publish.drift_object('create_' || kind),
        concat(schema_name, '.', nullif(table_name, '') || '.', name), p.deparsed, a.deparsed
    from (select * from publish.definition d where d.schema_name = app) p
    full join compile.actual_definition(app) a using (kind, schema_name, table_name, name)
    where p.deparsed is distinct from a.deparsed
$$;

comment on function publish.drift_definition(text) is
'How PostgreSQL spells what was published and what is there, where they differ';

create function publish.drift_words(
    object text, kinds text[], statement text, why text, published text, found text
)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return case
    when kinds && array['create_table', 'create_schema', 'create_role', 'add_column']
        then format('the %s is missing', object)
    when kinds && array['drop_table', 'drop_column'] then format('nobody published this %s', object)
    when object = 'right' then case kinds[1]
        when 'grant' then 'lost the right to '
            || substring(drift_words.statement from '^grant (.*?) on ')
        else 'got a right that nobody published: '
            || substring(drift_words.statement from 'revoke (.*?) on ') end
    when object = 'row security'
        then 'row security is off, or is not forced on the owner of the table'
    when object = 'comment'
        then 'the comment is another one; published was '
            || substring(drift_words.statement from ' is (.*)$')
    when kinds[1] = 'set_not_null' then 'the column may be empty; published was not null'
    when kinds[1] = 'drop_not_null' then 'the column may not be empty; published was that it may'
    when found is null and published is not null
        then format('the %s is missing; published was: %s', object, published)
    when found is not null and published is null
        then format('nobody published this %s: %s', object, found)
    when found is not null
        then format('the %s is %s; published was %s', object, found, published)
    when kinds[1] = 'set_owner' and object = 'table'
        and drift_words.why = 'nobody who can log in may own a table'
        then 'it belongs to somebody else than qryvanta_owner'
    else drift_words.why
end;

comment on function publish.drift_words(text, text[], text, text, text, text) is
'One difference in words';

create function publish.drift_difference(app_id uuid)
    returns table (
        object text, target text, difference text, statement text, risk text, changed_by text,
        changed_at timestamptz, query text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
    with step as materialized (select * from publish.drift_steps(drift_difference.app_id)),
    spelled as materialized (
        select d.*
        from meta.app a
        cross join lateral publish.drift_definition(a.name) d
        where a.app_id = drift_difference.app_id and exists (select from step)
    ),
    gathered as (
        select
            s.object, s.target, min(s.place) as place, array_agg(s.kind order by s.place) as kinds,
            string_agg(s.statement, E';\n' order by s.place) as statement,
            (array_agg(s.statement order by s.place))[1] as first_statement,
            (array_agg(s.why order by s.place))[1] as why,
            max(
                array_position(
                    '{safe,takes a lock,scans,rewrites,loses data}'::text[], s.risk
                )
            ) as risk
        from step s
        group by s.object, s.target
    )
    select
        g.object, g.target,
        publish.drift_words(
            g.object, g.kinds, g.first_statement, g.why, d.published, d.found
        ), g.statement,
        ('{safe,takes a lock,scans,rewrites,loses data}'::text[])[g.risk], e.login::text, e.at,
        e.query
    from gathered g
    left join spelled d using (object, target)
    cross join lateral (
        -- "crm.deal.amount" and "crm.deal to public" are about the table crm.deal.
        select
            coalesce(substring(g.target from '^[^. ]+\.[^. (]+'), g.target) as name,
            regexp_replace(g.target, '^([^.]+)\.[^.]+\.', '\1.') as without_table
    ) t
    left join lateral (
        select x.login, x.at, x.query
        from publish.ddl_event x
        where not x.by_publisher
            and (
                x.object in (t.name, g.target, t.without_table)
                or starts_with(x.object, g.target || '(')
                or starts_with(x.object, t.name || '.')
                or x.object like '% on ' || t.name
                or (g.object = 'right' and x.tag in ('GRANT', 'REVOKE'))
            )
        order by x.ddl_event_id desc
        limit 1
    ) e on true
    order by g.place
$$;

comment on function publish.drift_difference(uuid) is
'What differs between the version in force and the database, in words, with the statements that '
'would repair it and the last change of the object by hand that was seen';

commit;
