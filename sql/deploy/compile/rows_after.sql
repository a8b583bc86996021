-- Deploy qryvanta:compile/rows_after to pg
-- requires: compile/change_column compile/situation compile/constraint
-- The rows of a table as they will be after a publish: renamed, converted, with remedies applied.
-- The same text counts what would break, fills prepared columns, and changes values at last.

begin;

set local role qryvanta_owner;

create function compile.kept_value(column_name text, field jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select format(
        'case when %s then %I end',
        coalesce(string_agg(format('(%s) is not false', c.definition), ' and '), 'true'),
        column_name
    )
    from compile.field_check(field) c
);

comment on function compile.kept_value(text, jsonb) is
'The value of a column, or null where it breaks a check of its field';

create function compile.future_value(model jsonb)
    returns table (
        table_name text, found_table text, column_name text, found_name text, place bigint,
        converted text, remedied text, formula_sql text, changed boolean
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        t.table_name, t.found_name, d.column_name, a.found_name, d.place,
        case
            when s.name is null then format(
                '(%s)::%s',
                -- A number is drawn only for a row that is really written.
                coalesce(case when not compile.draws_number(d.default_sql) then d.default_sql end, 'null'),
                d.sql_type
            )
            when s.sql_type = d.sql_type and map.mapping is null then format('%I', s.name)
            else (
                select v.expression
                from compile.remedied_conversion(
                    s.sql_type, d.sql_type, format('%I', s.name), map.mapping
                ) v
            )
        end,
        case
            when fill.action is null then kept.value
            else format('coalesce(%s, (%s)::%s)', kept.value, fill.expression_sql, d.sql_type)
        end,
        d.formula_sql,
        fill.action is not null or map.action is not null or clear.action is not null
    from compile.live_table(model) t
    join compile.desired_column(model) d using (schema_name, table_name)
    left join compile.live_column(model) a using (schema_name, table_name, column_name)
    left join compile.live_column(model) o
        on o.table_name = d.table_name and o.replaced = d.column_name
    -- A prepared column is made of the one whose place it takes, or of nothing.
    cross join lateral (
        select
            case when o.found_name is not null then o.found_name
                when a.found_name <> compile.next_name(d.column_name, d.sql_type) then a.found_name end as name,
            coalesce(o.sql_type, a.sql_type) as sql_type
    ) s
    left join compile.remedy(model) fill on fill.element_id = d.element_id and fill.action = 'fill'
    left join compile.remedy(model) map on map.element_id = d.element_id and map.action = 'map'
    left join compile.remedy(model) clear
        on clear.element_id = d.element_id and clear.action = 'clear'
    left join compile.field(model) f on f.field_id = d.element_id
    cross join lateral (
        select case when clear.action is null then format('%I', d.column_name)
            else compile.kept_value(d.column_name, f.field) end as value
    ) kept
$$;

comment on function compile.future_value(jsonb) is
'How each column of the model comes about: converted from the columns that are found, remedied and '
'calculated from those of the model; changed: by a remedy';

create function compile.rows_after(model jsonb)
    returns table (table_name text, found_table text, rows_sql text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- %s is left open for the rows to start from: the table, or the one row of a trigger.
    select
        v.table_name, v.found_table,
        format(
            '(select remedied.*%s from (select %s from (select %s from %%s) converted) remedied)',
            coalesce(
                string_agg(replace(format(', (%s) as %I', v.formula_sql, v.column_name), '%', '%%'), '' order by v.place)
                    filter (where v.formula_sql is not null),
                ''
            ),
            string_agg(replace(format('%s as %I', v.remedied, v.column_name), '%', '%%'), ', ' order by v.place)
                filter (where v.formula_sql is null),
            string_agg(replace(format('%s as %I', v.converted, v.column_name), '%', '%%'), ', ' order by v.place)
                filter (where v.formula_sql is null)
        )
    from compile.future_value(model) v
    group by v.table_name, v.found_table
$$;

comment on function compile.rows_after(jsonb) is
'A template (for format(), %s is the source) of the rows of each table as they will be';

create function compile.new_rows_only(model jsonb)
    returns table (kind text, table_name text, name text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with decided as materialized (
        select r.element_id from compile.remedy(model) r where r.action = 'new_rows'
    )
    select n.kind, f.table_name, compile.derived_name(n.name)
    from decided d
    join compile.field(model) f on f.field_id = d.element_id
    cross join lateral (
        select 'constraint' as kind, format('%s_%s_%s_check', f.table_name, f.name, c.kind) as name
        from compile.field_check(f.field) c
        union all
        select 'foreign_key', format('%s_%s_fkey', f.table_name, f.name)
    ) n
    union all
    select 'constraint', e.table_name,
    compile.derived_name(format('%s_%s_rule', e.table_name, r.rule ->> 'name'))
    from decided d
    join compile.entity(model) e
        on jsonb_path_exists(
            e.entity, '$.rules[*].id ? (@ == $id)', jsonb_build_object('id', d.element_id)
        )
    cross join lateral jsonb_array_elements(e.entity -> 'rules') as r (rule)
    where (r.rule ->> 'id')::uuid = d.element_id
$$;

comment on function compile.new_rows_only(jsonb) is
'The checks and references that shall hold for rows written from now on only (NOT VALID)';

create function compile.remedy_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- On a large table the prepared columns are filled so.
    with remedied as (
        select
            d.schema_name, d.table_name, d.column_name, t.found_name as found_table, a.found_name,
            r.action,
            case r.action
                when 'map' then (
                    select c.expression
                    from compile.remedied_conversion(
                        d.sql_type, d.sql_type, format('%I', d.column_name), r.mapping
                    ) c
                )
                when 'clear' then compile.kept_value(d.column_name, f.field)
                else format('coalesce(%I, (%s)::%s)', d.column_name, r.expression_sql, d.sql_type)
            end as value,
            a.found_name = d.column_name and a.sql_type = d.sql_type as settled
        from compile.remedy(model) r
        join compile.desired_column(model) d on d.element_id = r.element_id and d.formula_sql is null
        join compile.live_table(model) t
            on t.table_name = d.table_name and not t.large and r.action <> 'new_rows'
        left join compile.field(model) f on f.field_id = d.element_id
        left join compile.live_column(model) a
            on a.table_name = d.table_name and a.column_name = d.column_name
        -- The conversion of a type maps by itself.
        where r.action <> 'map' or a.sql_type = d.sql_type
    )
    select
        'transactional', case x.action when 'map' then 42 else 43 end, x.action || '_rows',
        format('%s.%s.%s', x.schema_name, x.table_name, x.column_name),
        format(
            'update %1$I.%2$I set %3$I = %4$s where %3$I is distinct from (%4$s)', x.schema_name,
            x.table_name, x.column_name, x.value
        ),
        case x.action when 'clear' then 'loses data' else 'scans' end,
        'the remedy that was chosen', 'executor'
    from remedied x
    where x.settled is not true
        or compile.matching_rows(
            x.schema_name, x.found_table,
            format('%I is distinct from (%s)', x.column_name, x.value)
        ) > 0
$$;

comment on function compile.remedy_step(jsonb) is
'Values that are filled, mapped or cleared so that rows fulfil what becomes stricter';

commit;
