-- Deploy qryvanta:compile/rollup_model to pg
-- requires: compile/model
-- What a rollup is in the model: a field of the type of its values, with `rollup` saying of what.
-- To all that reads the model it is a number or a date that nobody writes, as a formula is.

begin;

set local role qryvanta_owner;

create function compile.used_columns(entity jsonb, expression text)
    returns text[]
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    -- Names inside text literals are no columns.
    with bare as (
        select regexp_replace(used_columns.expression, $quoted$'[^']*'$quoted$, '', 'g') as sql
    )
    select coalesce(array_agg(n.name order by n.name), '{}')
    from bare
    cross join lateral (
        select c.given ->> 'name' as name
        from jsonb_array_elements(entity -> 'fields') as f (field)
        cross join lateral jsonb_array_elements(f.field -> 'columns') as c (given)
        union
        select unnest(
            '{id,owner_id,created_at,created_by,updated_at,updated_by,version,deleted_at}'::text[]
        )
    ) n
    where bare.sql ~ ('\m' || n.name || '\M')
);

comment on function compile.used_columns(jsonb, text) is
'The columns of an entity that an expression speaks of';

create function compile.rollup_type(rollup_function text, value jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return case
    when rollup_function = 'count' then '{"type": "bigint", "sql_type": "bigint"}'
    when rollup_function in ('min', 'max') or value ->> 'type' in ('float', 'duration')
        then jsonb_build_object(
            'type', value -> 'type', 'sql_type', value -> 'sql_type',
            'precision', value -> 'precision', 'scale', value -> 'scale'
        )
    when value ->> 'type' in ('money', 'percent') then jsonb_build_object(
        'type', value -> 'type', 'sql_type',
        case value ->> 'type' when 'money' then 'numeric(38,4)' else 'numeric(38,6)' end
    )
    when rollup_function = 'sum' and value ->> 'type' = 'integer'
        then '{"type": "bigint", "sql_type": "bigint"}'
    else (
        -- Twenty digits more than a value has: the sum of as many as there can be.
        -- An average has no scale of its own: it is shown without the zeros at its end.
        select jsonb_build_object(
            'type', 'decimal',
            'sql_type', format(
                'numeric(%s,%s)', least(coalesce(v.digits, 18) + 20, 1000),
                case rollup_function when 'avg' then greatest(v.places, 6) else v.places end
            ),
            'precision', least(coalesce(v.digits, 18) + 20, 1000),
            'scale', case rollup_function when 'sum' then v.places end
        )
        from (
            select
                substring(value ->> 'sql_type' from '\((\d+),')::integer as digits,
                coalesce(substring(value ->> 'sql_type' from ',(\d+)\)')::integer, 0) as places
        ) v
    )
end
|| case
    -- Currencies that the children name can differ.
    when value ->> 'currency' ~ '^[A-Z]{3}$' and rollup_function <> 'count'
        then jsonb_build_object('currency', value -> 'currency')
    else '{}'
end;

comment on function compile.rollup_type(text, jsonb) is
'The type of a rollup over a field: type, sql_type and, where it has them, precision, scale and '
'currency';

create function compile.rollup_source(given jsonb, child jsonb, column_name text)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select jsonb_build_object(
        'of', given -> 'of', 'function', given -> 'function', 'field', given -> 'field',
        'where', given -> 'where', 'where_sql', given -> 'where_sql', 'entity', child -> 'name',
        'column', column_name, 'value', v.field -> 'column',
        'inputs', to_jsonb(array_remove(
            compile.used_columns(child, given ->> 'where_sql') || (v.field ->> 'column'), null
        ))
    )
    from (values (1)) as one (row)
    left join jsonb_array_elements(child -> 'fields') as v (field)
        on v.field ->> 'name' = given ->> 'field'
);

comment on function compile.rollup_source(jsonb, jsonb, text) is
'Of what a rollup is made: the children (entity), their column that points at the parent, the '
'column of the value (null for a count) and all columns on which its value depends (inputs)';

create function compile.uses(source jsonb, field jsonb)
    returns boolean
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return source -> 'inputs' ?| array(
    select c.given ->> 'name' from jsonb_array_elements(field -> 'columns') as c (given)
);

comment on function compile.uses(jsonb, jsonb) is
'Whether the value of a rollup depends on a field of the children';

create function compile.rollup_mark(source jsonb, child jsonb, sql_type text)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return format(
    '[rollup: %s%s over %s%s; all of them count, also those that a reader may not see; %s]',
    source ->> 'function', ' of ' || (source ->> 'field'), source ->> 'of',
    ' where ' || (source ->> 'where'),
    left(md5(concat_ws(
        '|', source ->> 'function', child ->> 'id', source ->> 'column', source ->> 'value',
        source ->> 'where_sql', child ->> 'recycle', sql_type,
        (
            select string_agg(
                concat_ws(' ', f.field ->> 'id', f.field ->> 'sql_type', f.field ->> 'formula_sql'),
                ',' order by f.field ->> 'id'
            )
            from jsonb_array_elements(child -> 'fields') as f (field)
            where compile.uses(source, f.field)
        )
    )), 8)
);

comment on function compile.rollup_mark(jsonb, jsonb, text) is
'What the comment of a rollup column ends with: its definition in words and a hash of it, from '
'which a plan sees that the column holds something else';

create function compile.is_rollup(comment text)
    returns boolean
    immutable
    language sql
return coalesce(is_rollup.comment ~ '\[rollup: .*\]$', false);

comment on function compile.is_rollup(text) is
'Whether the comment of a column says that it holds a rollup: values that can be computed again';

create function compile.resolved_rollup(given jsonb, parent jsonb, child jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select (given - '{of,function,field,where,where_sql}'::text[])
        || t.type
        || jsonb_build_object(
            'default_sql',
            case
                when given ->> 'function' not in ('count', 'sum') then null
                when t.type ->> 'type' = 'duration' then '''0''::interval'
                else '0'
            end,
            'order_column', compile.order_column(given || t.type, parent),
            'columns', jsonb_set(given -> 'columns', '{0,sql_type}', t.type -> 'sql_type'),
            'sensitive', (given ->> 'sensitive')::boolean or exists (
                select
                from jsonb_array_elements(child -> 'fields') as f (field)
                where compile.uses(s.source, f.field) and (f.field ->> 'sensitive')::boolean
            ),
            'derived', true,
            'rollup', s.source || jsonb_build_object(
                'cleared', coalesce(l.field ->> 'on_delete', '') = 'clear',
                'mark', compile.rollup_mark(s.source, child, t.type ->> 'sql_type')
            )
        )
    from jsonb_array_elements(child -> 'fields') as l (field)
    cross join lateral jsonb_array_elements(l.field -> 'columns') as c (item)
    cross join lateral compile.rollup_source(given, child, c.item ->> 'name') as s (source)
    left join jsonb_array_elements(child -> 'fields') as v (field)
        on v.field ->> 'name' = given ->> 'field'
    cross join lateral compile.rollup_type(given ->> 'function', v.field) as t (type)
    where l.field ->> 'name' = split_part(given ->> 'of', '.', 2)
        and c.item ->> 'entity' = parent ->> 'name'
        -- A rollup of a rollup waits until that one has a type.
        and v.field ->> 'type' is distinct from 'rollup'
);

comment on function compile.resolved_rollup(jsonb, jsonb, jsonb) is
'A rollup field with every key present; null while it is made of another one that is not';

create function compile.rollups_resolved_once(entities jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    with entity as materialized (
        select e.entity, e.place, e.entity ->> 'name' as name
        from jsonb_array_elements(entities) with ordinality as e (entity, place)
    ),
    resolved as (
        select
            e.place,
            jsonb_agg(
                coalesce(compile.resolved_rollup(f.field, e.entity, c.entity), f.field)
                order by f.place
            ) as fields
        from entity e
        cross join lateral jsonb_array_elements(e.entity -> 'fields') with ordinality
            as f (field, place)
        left join entity c
            on f.field ->> 'type' = 'rollup' and c.name = split_part(f.field ->> 'of', '.', 1)
        where jsonb_path_exists(e.entity, '$.fields[*] ? (@.type == "rollup")')
        group by e.place
    )
    select jsonb_agg(
        case when r.fields is null then e.entity
            else e.entity || jsonb_build_object('fields', r.fields) end
        order by e.place
    )
    from entity e
    left join resolved r using (place)
);

comment on function compile.rollups_resolved_once(jsonb) is
'The entities with the rollups that are made of fields with a type';

create function compile.derived_formulas(entity jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return entity || jsonb_build_object('fields', (
    select jsonb_agg(
        case
            when compile.used_columns(entity, f.field ->> 'formula_sql') && r.names
                then f.field || '{"derived": true}'
            else f.field
        end
        order by f.place
    )
    from jsonb_array_elements(entity -> 'fields') with ordinality as f (field, place)
    cross join lateral (
        select array_agg(x.field ->> 'column') as names
        from jsonb_array_elements(entity -> 'fields') as x (field)
        where x.field -> 'rollup' <> 'null'
    ) r
));

comment on function compile.derived_formulas(jsonb) is
'An entity whose formulas over rollups are derived as these are';

create function compile.with_rollups(entities jsonb)
    returns jsonb
    immutable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    before jsonb;
begin
    -- Most apps have none.
    if jsonb_path_exists(entities, '$[*].fields[*] ? (@.type == "rollup")') is not true then
        return entities;
    end if;
    loop
        before := entities;
        entities := compile.rollups_resolved_once(entities);
        exit when entities is not distinct from before;
    end loop;
    return (
        select jsonb_agg(
            case
                when jsonb_path_exists(e.entity, '$.fields[*] ? (@.rollup != null)')
                    then compile.derived_formulas(e.entity)
                else e.entity
            end
            order by e.place
        )
        from jsonb_array_elements(entities) with ordinality as e (entity, place)
    );
end
$$;

comment on function compile.with_rollups(jsonb) is
'The entities of a model with the types and sources of their rollups';

commit;
