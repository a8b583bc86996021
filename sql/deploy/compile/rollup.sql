-- Deploy qryvanta:compile/rollup to pg
-- requires: compile/column
-- The rollups of a model as rows, with the SQL of their values.

begin;

set local role qryvanta_owner;

create function compile.rollup_value(
    rollup_function text, type text, schema_name text, child text, pointer text, value_column text,
    condition text, sql_type text
)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return format(
    '(select %s from %I.%I c where c.tenant_id = p.tenant_id and c.%I = p.id%s)::%s',
    format(
        case rollup_value.rollup_function
            when 'count' then 'count(*)'
            -- In order: else the last digits of a sum of floats differ from time to time.
            when 'sum' then case type
                when 'float' then 'coalesce(sum(c.%1$I order by c.%1$I), 0)'
                when 'duration' then 'coalesce(sum(c.%1$I), ''0''::interval)'
                else 'coalesce(sum(c.%1$I), 0)'
            end
            when 'avg' then case type
                when 'float' then 'avg(c.%1$I order by c.%1$I)' else 'avg(c.%1$I)'
            end
            when 'min' then 'min(c.%1$I)'
            when 'max' then 'max(c.%1$I)'
        end,
        value_column
    ),
    -- The condition names bare columns: those of the children, the only table here.
    schema_name, child, pointer, ' and ' || condition, sql_type
);

comment on function compile.rollup_value(text, text, text, text, text, text, text, text) is
'The value of a rollup as SQL, computed afresh from the children of a parent p';

create function compile.rollup(model jsonb)
    returns table (
        schema_name text, table_name text, column_name text, sql_type text, place bigint,
        rollup_function text, child text, pointer text, cleared boolean, value_column text,
        condition text, inputs text[], method text, value text, mark text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        f.schema_name, f.table_name, f.column_name, f.sql_type, f.place, r.rollup ->> 'function',
        r.rollup ->> 'entity', r.rollup ->> 'column', (r.rollup ->> 'cleared')::boolean,
        r.rollup ->> 'value', n.condition,
        array(
            select jsonb_array_elements_text(r.rollup -> 'inputs')
            union
            select 'deleted_at' where c.recycled
            order by 1
        ),
        case
            when r.rollup ->> 'function' in ('min', 'max') then 'extreme'
            when r.rollup ->> 'function' = 'avg' or f.type in ('float', 'duration') then 'fresh'
            else 'difference'
        end,
        compile.rollup_value(
            r.rollup ->> 'function', f.type, f.schema_name, r.rollup ->> 'entity',
            r.rollup ->> 'column', r.rollup ->> 'value', n.condition, f.sql_type
        ),
        r.rollup ->> 'mark'
    from compile.field(model) f
    cross join lateral (select f.field -> 'rollup' as rollup) r
    join compile.entity(model) c on c.table_name = r.rollup ->> 'entity'
    cross join lateral (
        -- A person typed it; the gate parsed it and wrote its canonical form.
        select nullif(concat_ws(
            ' and ', case when c.recycled then 'deleted_at is null' end,
            '(' || (r.rollup ->> 'where_sql') || ')'
        ), '') as condition
    ) n
    where jsonb_typeof(r.rollup) = 'object'
$$;

comment on function compile.rollup(jsonb) is
'The rollups of a model. pointer: the column of the children that points at the parent, cleared '
'when that is deleted; condition: which children count, null for all; inputs: the columns of a '
'child on which its part depends; method: difference (add what came, take off what went), extreme '
'(compare with what came and went, read the children when the extreme itself went) or fresh (read '
'the children); value: SQL over a parent p';

commit;
