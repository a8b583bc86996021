-- Deploy qryvanta:compile/online to pg
-- requires: compile/definition compile/rows_after publish/fill
-- What a large table needs before its new form can go live, so that nobody waits: columns, checks
-- and references are prepared under names of their own (_next_…), then filled, indexed and
-- validated in steps of which each can be repeated. Going live is only a matter of names.

begin;

set local role qryvanta_owner;

create function compile.current_names(model jsonb)
    returns table (table_name text, found_table text, columns jsonb)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        t.table_name, t.found_name,
        coalesce(
            jsonb_object_agg(c.column_name, c.found_name)
                filter (where c.column_name <> c.found_name),
            '{}'
        )
    from compile.live_table(model) t
    left join compile.live_column(model) c on c.table_id = t.table_id and c.column_name is not null
    where t.table_name is not null
    group by t.table_name, t.found_name
$$;

comment on function compile.current_names(jsonb) is
'How tables and columns are called until the version goes live: {wanted: found}';

create function compile.late_name(model jsonb)
    returns table (table_name text, pattern text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- Calculated columns and new tables are made only when the version goes live.
    select d.table_name, format('\m%s\M', d.column_name)
    from compile.desired_column(model) d
    join compile.live_table(model) t on t.table_name = d.table_name and t.large
    left join compile.live_column(model) c
        on c.table_name = d.table_name and c.column_name = d.column_name
    where c.column_name is null
    union all
    select t.table_name, format(' references \S+\.%s\M', coalesce(l.found_name, e.table_name))
    from compile.entity(model) e
    cross join compile.live_table(model) t
    left join compile.live_table(model) l on l.table_name = e.table_name
    where t.large and compile.in_scope(model, e.table_name)
        -- What was set aside has no key until it is back.
        and (l.table_name is null or l.found_name like '\_dropped\_%')
$$;

comment on function compile.late_name(jsonb) is
'What is not there, nor can be prepared, as patterns of the definitions of large tables that '
'speak of it';

create function compile.online_definition(model jsonb)
    returns table (
        kind text, schema_name text, table_name text, name text, found_table text, next_name text,
        sort text, definition text, present boolean, validated boolean
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- definition: under the names that hold now. Primary keys and exclusions cannot be prepared,
    -- nor what speaks of a column that cannot.
    with late as materialized (select * from compile.late_name(model))

    select
        x.kind, x.schema_name, x.table_name, x.name, x.found_table, x.next_name, x.sort,
        case
            when x.sort in ('index', 'unique')
                then replace(x.text, ' index % on ', format(' index %I on ', x.next_name))
            else x.text
        end,
        a.name is not null,
        o.name is not null or coalesce(a.deparsed !~ '(NOT VALID|-- invalid)$', false)
    from (
        select w.*, compile.next_name(w.name, w.text) as next_name
        from (
            select
                d.kind, d.schema_name, d.table_name, d.name, n.found_table, s.sort,
                case s.sort
                    when 'unique' then format(
                        'create unique index %% on %I.%I %s', d.schema_name, n.found_table,
                        compile.translated(regexp_replace(d.definition, '^unique ', ''), n.columns)
                    )
                    else compile.translated_definition(
                        d.kind, d.schema_name, compile.masked(d.kind, d.name, d.definition),
                        d.table_name, n.found_table, n.columns, t.names
                    )
                end as text
            from compile.definition_difference(model) d
            join compile.live_table(model) l on l.table_name = d.table_name and l.large
            join compile.current_names(model) n on n.table_name = d.table_name
            cross join (
                select coalesce(jsonb_object_agg(c.table_name, c.found_table), '{}') as names
                from compile.current_names(model) c
            ) t
            cross join lateral (
                select case
                    when d.kind = 'index' then 'index'
                    when d.kind = 'foreign_key' then 'reference'
                    when d.definition like 'unique %' then 'unique'
                    when d.definition like 'check %' then 'check'
                end as sort
            ) s
            where d.change in ('create', 'replace') and d.kind <> 'default' and s.sort is not null
        ) w
        where not exists (
            select from late l where l.table_name = w.table_name and w.text ~ l.pattern
        )
    ) x
    left join compile.live_definition(model) a
        on a.kind = case x.sort when 'unique' then 'index' else x.kind end
            and a.found_table = x.found_table
            and a.found_name = x.next_name
    left join compile.new_rows_only(model) o
        on o.kind = x.kind and o.table_name = x.table_name and o.name = x.name
$$;

comment on function compile.online_definition(jsonb) is
'Indexes, keys, checks and references that large tables get: made under next_name first';

create function compile.required_online(model jsonb)
    returns table (
        schema_name text, found_table text, table_name text, column_name text, found_name text,
        check_name text, present boolean, validated boolean
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        c.schema_name, c.found_table, c.table_name, c.column_name, c.found_name, k.check_name,
        a.name is not null, coalesce(a.deparsed !~ 'NOT VALID$', false)
    from compile.live_table(model) t
    join compile.live_column(model) c on c.table_id = t.table_id
    join compile.desired_column(model) d
        on d.table_name = c.table_name and d.column_name = c.column_name
    cross join lateral (
        select compile.next_name(c.table_name || '_' || c.column_name, 'required') as check_name
    ) k
    left join compile.live_definition(model) a
        on a.kind = 'constraint' and a.found_table = c.found_table and a.found_name = k.check_name
    where t.large and d.not_null and not c.not_null and d.formula_sql is null
$$;

comment on function compile.required_online(jsonb) is
'Columns of large tables that become required: a validated check spares the scan under a lock';

create function compile.fill(model jsonb)
    returns table (
        schema_name text, found_table text, table_id oid, sync_name text, columns text,
        values_sql text, statement text, finished boolean
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with filled as (
        select c.table_name, c.found_table, c.table_id, c.column_name, c.found_name
        from compile.live_column(model) c
        join compile.desired_column(model) d using (table_name, column_name)
        where c.found_name = compile.next_name(c.column_name, d.sql_type)
            and (
                exists (
                    select
                    from compile.live_column(model) o
                    where o.table_id = c.table_id and o.replaced = c.column_name
                )
                or exists (
                    select
                    from compile.remedy(model) r
                    where r.element_id = d.element_id and r.action <> 'new_rows'
                )
            )
    ),
    gathered as (
        select
            f.table_name, f.found_table, f.table_id,
            string_agg(format('%I', f.found_name), ', ' order by f.found_name) as columns,
            string_agg(format('%I', f.column_name), ', ' order by f.found_name) as sources,
            string_agg(format('%I = r.%I', f.found_name, f.column_name), ', ' order by f.found_name)
                as settings
        from filled f
        group by f.table_name, f.found_table, f.table_id
    ),
    written as (
        select
            model -> 'app' ->> 'name' as schema_name, g.*, r.rows_sql,
            format(
                $fill$update %1$I.%2$I t set %3$s
from %4$s r
where t.tenant_id = r.tenant_id and t.id = r.id$fill$,
                model -> 'app' ->> 'name', g.found_table, g.settings,
                format(
                    r.rows_sql,
                    format(
                        '(select x.* from %I.%I x join batch b using (tenant_id, id)) source',
                        model -> 'app' ->> 'name', g.found_table
                    )
                )
            ) as statement
        from gathered g
        join compile.rows_after(model) r using (table_name)
    )
    select
        w.schema_name, w.found_table, w.table_id, compile.next_name(w.found_table, 'sync'),
        w.columns,
        format('select %s from %s r', w.sources, format(w.rows_sql, '(select new.*) source')),
        w.statement, f.finished_at is not null
    from written w
    left join publish.fill f on f.table_id = w.table_id and f.statement = w.statement
$$;

comment on function compile.fill(jsonb) is
'The prepared columns of each large table that get their values from the rows that are there: '
'in batches (statement, over a relation batch), and for each row written meanwhile (values_sql)';

create function compile.prepare_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'prepare', 10, 'prepare_column', format('%s.%s.%s', c.schema_name, c.found_table, c.found_name),
        format(
            'alter table %I.%I add column %s', c.schema_name, c.found_table,
            compile.column_clause(
                c.found_name, d.sql_type, c.not_null,
                case when not compile.draws_number(d.default_sql) then d.default_sql end, null
            )
        ),
        case when l.lost > 0 then 'loses data' else 'takes a lock' end,
        format('becomes %s when the version goes live', c.column_name)
        || case when l.lost > 0 then format('; %s values lose something', l.lost) else '' end,
        'executor'
    from compile.live_column(model) c
    join compile.desired_column(model) d using (schema_name, table_name, column_name)
    left join compile.live_column(model) o
        on o.table_id = c.table_id and o.replaced = c.column_name
    left join compile.remedy(model) m on m.element_id = d.element_id and m.action = 'map'
    cross join lateral (
        select
            case
                when o.found_name is not null then compile.lost_values(
                    o.schema_name, o.found_table, o.found_name, o.sql_type, d.sql_type, m.mapping
                )
            end as lost
    ) l
    where c.planned
    union all
    select
        'prepare', s.rank, s.kind, format('%s.%s', f.schema_name, f.sync_name),
        case s.kind
            when 'prepare_function' then compile.trigger_function(
                f.schema_name, f.sync_name,
                format(
                    E'    select v.* into %s from (%s) v;\n    return new;',
                    (
                        select string_agg('new.' || c, ', ' order by n)
                        from unnest(string_to_array(f.columns, ', ')) with ordinality as c (c, n)
                    ),
                    f.values_sql
                )
            )
            else format(
                'create or replace trigger %1$I before insert or update on %2$I.%3$I for each row '
                'when (current_user <> ''qryvanta_ddl'') execute function %2$I.%1$I()',
                f.sync_name, f.schema_name, f.found_table
            )
        end,
        s.risk, 'keeps the prepared columns right while people work', 'owner'
    from compile.fill(model) f
    cross join (values (12, 'prepare_function', 'safe'), (13, 'prepare_trigger', 'takes a lock'))
        as s (rank, kind, risk)
    where not exists (
        select from publish.fill p where p.table_id = f.table_id and p.statement = f.statement
    )
    union all
    select
        'prepare', 14, 'prepare_required', format('%s.%s.%s', r.schema_name, r.found_table, r.found_name),
        format(
            'alter table %I.%I add constraint %I check (%I is not null) not valid', r.schema_name,
            r.found_table, r.check_name, r.found_name
        ),
        'takes a lock', format('%s becomes required', r.column_name), 'owner'
    from compile.required_online(model) r
    where not r.present
    union all
    select
        'prepare', 16, 'prepare_' || x.kind, format('%s.%s.%s', x.schema_name, x.found_table, x.next_name),
        format(
            'alter table %I.%I add constraint %I %s not valid', x.schema_name, x.found_table,
            x.next_name, x.definition
        ),
        'takes a lock', 'holds for new rows from now on, for all when it is validated', 'owner'
    from compile.online_definition(model) x
    where x.sort in ('check', 'reference') and not x.present
$$;

comment on function compile.prepare_step(jsonb) is
'What one short transaction adds to large tables, unseen';

create function compile.online_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'online', 20, 'drop_index', format('%s.%s.%s', x.schema_name, x.found_table, x.next_name),
        format('drop index concurrently %I.%I', x.schema_name, x.next_name), 'safe',
        'an earlier build of it failed', 'executor'
    from compile.online_definition(model) x
    where x.sort in ('index', 'unique') and x.present and not x.validated
    union all
    select
        'online', 30, 'fill', format('%s.%s', f.schema_name, f.found_table), f.statement, 'scans',
        format('gives the rows that are there their %s', f.columns), 'executor'
    from compile.fill(model) f
    where not f.finished
    union all
    select
        'online', 40, 'build_index', format('%s.%s.%s', x.schema_name, x.found_table, x.next_name),
        regexp_replace(x.definition, ' index ', ' index concurrently '), 'scans',
        format('becomes %s when the version goes live', x.name), 'executor'
    from compile.online_definition(model) x
    where x.sort in ('index', 'unique') and not (x.present and x.validated)
    union all
    select
        'online', 50, 'validate', format('%s.%s.%s', v.schema_name, v.found_table, v.name),
        format('alter table %I.%I validate constraint %I', v.schema_name, v.found_table, v.name),
        'scans', 'holds for the rows that are there too', 'executor'
    from (
        select r.schema_name, r.found_table, r.check_name
        from compile.required_online(model) r
        where not r.validated
        union all
        select x.schema_name, x.found_table, x.next_name
        from compile.online_definition(model) x
        where x.sort in ('check', 'reference') and not x.validated
    ) as v (schema_name, found_table, name)
$$;

comment on function compile.online_step(jsonb) is
'What is done on large tables while people work: each step by itself, each can be repeated';

create function compile.switch_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- Under the names of the model: columns and tables have them by now.
    select
        'transactional', 25, 'rename_' || x.kind, format('%s.%s.%s', x.schema_name, x.table_name, x.name),
        case x.sort
            when 'unique' then format(
                'alter table %I.%I add constraint %I unique using index %I', x.schema_name,
                x.table_name, x.name, x.next_name
            )
            when 'index' then format(
                'alter index %I.%I rename to %I', x.schema_name, x.next_name, x.name
            )
            else format(
                'alter table %I.%I rename constraint %I to %I', x.schema_name, x.table_name,
                x.next_name, x.name
            )
        end,
        'takes a lock', 'it was prepared', 'owner'
    from compile.online_definition(model) x
    union all
    select
        'transactional', 46, 'drop_constraint', format('%s.%s.%s', r.schema_name, r.table_name, r.check_name),
        format(
            'alter table %I.%I drop constraint %I', r.schema_name, r.table_name, r.check_name
        ),
        'takes a lock', 'the column itself says so now', 'owner'
    from compile.required_online(model) r
$$;

comment on function compile.switch_step(jsonb) is
'How what was prepared takes its place when the version goes live';

create function compile.is_prepared(model jsonb, found_table text, found_name text)
    returns boolean
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return found_name like '\_next\_%' and (
    exists (
        select
        from compile.online_definition(model) x
        where x.found_table = is_prepared.found_table and x.next_name = is_prepared.found_name
    )
    or exists (
        select
        from compile.required_online(model) r
        where r.found_table = is_prepared.found_table and r.check_name = is_prepared.found_name
    )
);

comment on function compile.is_prepared(jsonb, text, text) is
'Whether a constraint or index that the model does not know is there for it all the same';

commit;
