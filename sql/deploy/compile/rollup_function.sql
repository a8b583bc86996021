-- Deploy qryvanta:compile/rollup_function to pg
-- requires: tenancy/definer compile/rollup compile/delete_function
-- The functions that keep rollups, one for each table of children and operation. A statement locks
-- the parents that it concerns in the order of their ids, so that two statements cannot wait for
-- each other, and then takes a new snapshot, in which it sees what others committed meanwhile.

begin;

set local role qryvanta_owner;

create function compile.rollup_difference(
    rollup_function text, method text, place bigint, value_column text, condition text
)
    returns text
    immutable
    language sql
return case method
    when 'difference' then format(
        'coalesce(sum(%s)%s, 0) as _%s',
        case rollup_difference.rollup_function
            when 'count' then '_c._sign' else format('_c._sign * _c.%I', value_column)
        end,
        coalesce(' filter (where ' || condition || ')', ''), place
    )
    when 'extreme' then format(
        E'%1$s(_c.%2$I) filter (where _c._sign = 1%3$s) as _%4$s_came,\n'
        '                        %1$s(_c.%2$I) filter (where _c._sign = -1%3$s) as _%4$s_went',
        rollup_difference.rollup_function, value_column, ' and ' || condition, place
    )
end;

comment on function compile.rollup_difference(text, text, bigint, text, text) is
'What the rows written add to a rollup, as columns named after its place; null when that does not '
'help';

create function compile.rollup_change(
    rollup_function text, method text, place bigint, column_name text, sql_type text, value text
)
    returns text
    immutable
    language sql
return case
    when method = 'difference' and rollup_change.sql_type ~ '^numeric' then format(
        -- From a sum with NaN nothing can be taken off.
        'case when coalesce(p.%1$I, 0) + _d._%2$s = ''NaN'' then %3$s '
        'else coalesce(p.%1$I, 0) + _d._%2$s end',
        column_name, place, value
    )
    when method = 'difference' then format('coalesce(p.%I, 0) + _d._%s', column_name, place)
    when method = 'extreme' then format(
        E'case\n'
        '                        when _d._%1$s_went %2$s= p.%3$I\n'
        '                            and (_d._%1$s_came %4$s _d._%1$s_went) is not false\n'
        '                            then %5$s\n'
        '                        else %6$s(p.%3$I, _d._%1$s_came)\n'
        '                    end',
        place, case rollup_change.rollup_function when 'min' then '<' else '>' end, column_name,
        case rollup_change.rollup_function when 'min' then '>' else '<' end, value,
        case rollup_change.rollup_function when 'min' then 'least' else 'greatest' end
    )
    else value
end;

comment on function compile.rollup_change(text, text, bigint, text, text, text) is
'The new value of a rollup of a parent p, from what the rows written add to it (_d)';

create function compile.written_rows(operation text, columns text)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return case operation
    when 'insert' then '(select 1 as _sign, _r.* from new_rows _r)'
    when 'delete' then '(select -1 as _sign, _r.* from old_rows _r)'
    else format(
        '(select 1 as _sign, _n.* '
        'from (select %1$s from new_rows except select %1$s from old_rows) _n '
        'union all select -1, _o.* '
        'from (select %1$s from old_rows except select %1$s from new_rows) _o)',
        columns
    )
end;

comment on function compile.written_rows(text, text) is
'The rows that a statement brought (_sign 1) and took away (-1); of an update only what differs in '
'these columns';

create function compile.rollup_update(
    schema_name text, table_name text, pointer text, written text, condition text, sets text,
    differences text, changes text, before text, after text
)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return format(
    $template$            update %1$I.%2$I p
            set %6$s
            from (
                select
                    p.id,
                    %8$s
                from (
                    select
                        %7$s
                    from %4$s _c
                    where _c.tenant_id = _tenant and _c.%3$I is not null%5$s
                    group by _c.%3$I
                ) _d
                join %1$I.%2$I p on p.tenant_id = _tenant and p.id = _d._id
                where p.id = any (_ids)
            ) _v
            where p.tenant_id = _tenant and p.id = _v.id and p.id = any (_ids)
                and (%9$s) is distinct from (%10$s);
$template$,
    schema_name, table_name, pointer, written, condition, sets,
    concat_ws(E',\n                        ', format('_c.%I as _id', pointer), differences),
    changes, before, after
);

comment on function compile.rollup_update(
    text, text, text, text, text, text, text, text, text, text
) is 'The statement that changes the rollups of the parents to which one column points';

create function compile.rollup_part(model jsonb)
    returns table (schema_name text, child text, operation text, body text)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with rollup as materialized (select r.* from compile.rollup(model) r),
    -- Parents of one table are locked together, to whichever column they owe it.
    parent as (
        select
            r.schema_name, r.child, r.table_name,
            (
                select string_agg(distinct quote_ident(i.name), ', ' order by quote_ident(i.name))
                from rollup x
                cross join lateral unnest(x.inputs || array['tenant_id', 'id', x.pointer])
                    as i (name)
                where x.child = r.child and x.table_name = r.table_name
            ) as columns,
            string_agg(quote_ident(r.column_name), ', ' order by r.place) as names,
            bool_or(r.method <> 'difference') as reads
        from rollup r
        group by r.schema_name, r.child, r.table_name
    ),
    pointer as (
        select
            r.schema_name, r.child, r.table_name, r.pointer, o.operation,
            compile.written_rows(o.operation, p.columns) as written,
            case
                when o.operation = 'update' and bool_or(r.cleared)
                    -- The record that it pointed at is being deleted, and cannot be changed now.
                    then format(
                        ' and not (_c._sign = -1 and pg_trigger_depth() > 1 and _c.id in '
                        '(select _n.id from new_rows _n where _n.%I is null))', r.pointer
                    )
                else ''
            end as condition,
            case when bool_and(r.condition is not null)
                then format(' and (%s)', string_agg(distinct r.condition, ' or ')) else '' end
                as counted,
            string_agg(format('%1$I = _v.%1$I', r.column_name), ', ' order by r.place) as sets,
            string_agg(
                compile.rollup_difference(
                    r.rollup_function, r.method, r.place, r.value_column, r.condition
                ),
                E',\n                        ' order by r.place
            ) as differences,
            string_agg(
                compile.rollup_change(
                    r.rollup_function, r.method, r.place, r.column_name, r.sql_type, r.value
                )
                || format(' as %I', r.column_name),
                E',\n                    ' order by r.place
            ) as changes,
            string_agg(format('p.%I', r.column_name), ', ' order by r.place) as before,
            string_agg(format('_v.%I', r.column_name), ', ' order by r.place) as after
        from rollup r
        join parent p using (schema_name, child, table_name)
        cross join (values ('insert'), ('update'), ('delete')) as o (operation)
        group by r.schema_name, r.child, r.table_name, r.pointer, o.operation, p.columns
    )
    select
        p.schema_name, p.child, x.operation,
        format(
            $template$        -- %1$s: %2$s
        _ids := array(%3$s);
        if _ids <> '{}' then
%4$s            perform from %5$I.%1$I p
            where p.tenant_id = _tenant and p.id = any (_ids)
            order by p.id
            for no key update;
%6$s        end if;
$template$,
            p.table_name, p.names,
            string_agg(
                format(
                    'select _c.%1$I from %2$s _c where _c.tenant_id = _tenant and _c.%1$I is not null%3$s%4$s',
                    x.pointer, x.written, x.condition, x.counted
                ),
                ' union ' order by x.pointer
            ),
            case when p.reads then E'            perform tenancy.refuse_snapshot();\n' else '' end,
            p.schema_name,
            string_agg(
                compile.rollup_update(
                    x.schema_name, x.table_name, x.pointer, x.written, x.condition, x.sets,
                    x.differences, x.changes, x.before, x.after
                ),
                '' order by x.pointer
            )
        )
    from parent p
    join pointer x using (schema_name, child, table_name)
    group by p.schema_name, p.child, p.table_name, p.names, p.reads, x.operation
$$;

comment on function compile.rollup_part(jsonb) is
'What a trigger on the children does about the parents of one table, by operation';

create function compile.rollup_trigger_function(
    schema_name text, function_name text, written text, body text
)
    returns text
    immutable
    language sql
return format(
    $template$create or replace function %I.%I()
    returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $rollup$
#variable_conflict use_column
declare
    _said text := current_setting('qryvanta.tenant_id', true);
    _tenant uuid;
    _ids uuid[];
begin
    for _tenant in select distinct _c.tenant_id from %s _c loop
        perform tenancy.act_in(_tenant);
%s    end loop;
    perform set_config('qryvanta.tenant_id', coalesce(_said, ''), true);
    return null;
end
$rollup$$template$,
    rollup_trigger_function.schema_name, rollup_trigger_function.function_name, written, body
);

comment on function compile.rollup_trigger_function(text, text, text, text) is
'A function that keeps rollups around what it does in each tenant';

create function compile.rollup_function(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'function', p.schema_name, p.child, n.name,
        compile.rollup_trigger_function(
            p.schema_name, n.name, case p.operation when 'delete' then 'old_rows' else 'new_rows' end,
            string_agg(p.body, '' order by p.body)
        ),
        null
    from compile.rollup_part(model) p
    cross join lateral compile.derived_name(format('%s_rollup_%s', p.child, p.operation))
        as n (name)
    group by p.schema_name, p.child, p.operation, n.name
$$;

comment on function compile.rollup_function(jsonb) is
'The functions that keep the rollups of a model';

create function compile.rollup_trigger(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'trigger', c.schema_name, c.child, n.name,
        format(
            'create trigger %1$I after %2$s on %3$I.%4$I referencing %5$s '
            'for each statement execute function %3$I.%1$I()',
            n.name, t.operation, c.schema_name, c.child, t.tables
        ),
        null
    from (select distinct r.schema_name, r.child from compile.rollup(model) r) c
    cross join (values
        ('insert', 'new table as new_rows'),
        ('update', 'old table as old_rows new table as new_rows'),
        ('delete', 'old table as old_rows')
    ) as t (operation, tables)
    cross join lateral compile.derived_name(format('%s_rollup_%s', c.child, t.operation))
        as n (name)
$$;

comment on function compile.rollup_trigger(jsonb) is
'The triggers on children that keep the rollups of their parents';

create function compile.stamp_condition(entity jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return coalesce(
    (
        -- Nobody can be the owner or the executor but through functions of ours.
        select format(
            'when (current_user not in (''qryvanta_owner'', ''qryvanta_ddl'')'
            ' or (%s) is not distinct from (%s)) ',
            string_agg(format('old.%I', f.field ->> 'column'), ', ' order by f.place),
            string_agg(format('new.%I', f.field ->> 'column'), ', ' order by f.place)
        )
        from jsonb_array_elements(entity -> 'fields') with ordinality as f (field, place)
        where jsonb_typeof(f.field -> 'rollup') = 'object'
        having count(*) > 0
    ),
    ''
);

comment on function compile.stamp_condition(jsonb) is
'When a change of a record is one of its own and grows its version: not when only a rollup follows '
'its children';

commit;
