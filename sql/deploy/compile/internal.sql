-- Deploy qryvanta:compile/internal to pg
-- requires: compile/step compile/searched
-- Columns that serve indexes and are no field: no part of a record, of the API, of the change log.
-- Whoever may read all that one is made of may read it too, direct SQL logins included: a column
-- without that right would make every `select *` fail.

begin;

set local role qryvanta_owner;

create function compile.internal_column(model jsonb)
    returns table (
        schema_name text, table_name text, column_name text, place bigint, sql_type text,
        formula_sql text, comment text, sources text[], element_id uuid, part text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        f.schema_name, f.table_name, f.field ->> 'order_column', 20000 + f.place,
        'double precision',
        -- A generated column cannot read another one; the type is ours.
        format(
            '(%s::%s)::double precision',
            coalesce('(' || f.formula_sql || ')', format('%I', f.column_name)), f.sql_type
        ),
        format('Index of %s; ask it and the exact column', f.column_name),
        array[f.column_name], f.field_id, 'order'
    from compile.field(model) f
    where f.field ->> 'order_column' is not null
    union all
    select
        e.schema_name, e.table_name, 'search_document', 30000, 'tsvector',
        -- The tenant is a word of its own: the index finds what is in its list and in another.
        'array_to_tsvector(array[''tenant:'' || tenant_id::text]) || ' || s.words,
        'Words of ' || array_to_string(s.sources, ', '), s.sources, e.entity_id, 'search'
    from compile.entity(model) e
    cross join lateral (
        select
            string_agg(
                format(
                    -- A document over a megabyte is an error: much text is searched by its
                    -- beginning.
                    'setweight(to_tsvector(%L::regconfig, left(%s, %s)), %L)',
                    model -> 'app' ->> 'language', compile.searched_text(f.field),
                    200000 / jsonb_array_length(e.entity -> 'search' -> 'fields'),
                    case when n.name = e.entity -> 'search' ->> 'title' then 'A' else 'B' end
                ),
                ' || '
                order by n.place
            ) as words,
            array_agg(f.field ->> 'column' order by n.place) as sources
        from jsonb_array_elements_text(e.entity -> 'search' -> 'fields') with ordinality
            as n (name, place)
        join jsonb_array_elements(e.entity -> 'fields') as f (field)
            on f.field ->> 'name' = n.name
    ) s
    where e.entity -> 'search' <> 'null'
$$;

comment on function compile.internal_column(jsonb) is
'The columns beside fields that a model asks for; sources: the columns that they are made of';

commit;
