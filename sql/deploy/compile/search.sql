-- Deploy qryvanta:compile/search to pg
-- requires: compile/internal compile/scope
-- Search of an entity: an index on its document, and a function that may use it. The function
-- belongs to qryvanta_search, whose policy shows every row of the table, and keeps to the tenant.

begin;

set local role qryvanta_owner;

create function compile.search(model jsonb)
    returns table (
        schema_name text, table_name text, function_name text, signature text, document text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        e.schema_name, e.table_name, e.entity -> 'search' ->> 'function',
        format('%s(tsquery, text)', e.entity -> 'search' ->> 'function'),
        (
            select string_agg(compile.searched_text(f.field), ' || E''\n'' || ' order by n.place)
            from jsonb_array_elements_text(e.entity -> 'search' -> 'fields') with ordinality
                as n (name, place)
            join compile.field(model) f
                on f.schema_name = e.schema_name and f.table_name = e.table_name and f.name = n.name
        )
    from compile.entity(model) e
    where jsonb_typeof(e.entity -> 'search') = 'object'
$$;

comment on function compile.search(jsonb) is
'The entities that can be searched; document: the expression of all their searched text';

create function compile.search_function(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'search_function', s.schema_name, s.table_name, s.function_name,
        format(
            -- Who takes over a function must be allowed to create one there.
            $template$create or replace function %1$I.%2$I(words tsquery, pattern text)
    returns uuid[]
    stable
    language sql
    security definer
    set search_path = pg_catalog, pg_temp
as $search$
    select api.match(%3$L::regclass, %4$L, words, pattern)
$search$;
grant create on schema %1$I to qryvanta_search;
alter function %1$I.%2$I(tsquery, text) owner to qryvanta_search;
revoke create on schema %1$I from qryvanta_search$template$,
            s.schema_name, s.function_name, format('%I.%I', s.schema_name, s.table_name), s.document
        ),
        null
    from compile.search(model) s
$$;

comment on function compile.search_function(jsonb) is 'The search functions of a model';

create function compile.search_policy(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'policy', s.schema_name, s.table_name, '_search',
        'for select to qryvanta_search using (true)',
        'The search function keeps to the tenant itself'
    from compile.search(model) s
$$;

comment on function compile.search_policy(jsonb) is
'The policies under which search functions look at an index';

create function compile.search_index(model jsonb)
    returns setof compile.definition
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'index', s.schema_name, s.table_name, i.name,
        format(
            'create index %I on %I.%I using gin (%s)%s', i.name, s.schema_name, s.table_name,
            i.expression,
            -- Each search reads what waits to be sorted in.
            ' with (gin_pending_list_limit = 512)'
        ),
        null
    from compile.search(model) s
    cross join lateral (
        select
            compile.derived_name(s.table_name || '_search_document_idx') as name,
            'search_document' as expression
        union all
        select
            compile.derived_name(s.table_name || '_search_parts_idx'),
            format('(%s) %I.gin_trgm_ops', s.document, n.nspname)
        from pg_catalog.pg_extension x
        join pg_catalog.pg_namespace n on n.oid = x.extnamespace
        where x.extname = 'pg_trgm' and has_schema_privilege('qryvanta_owner', n.oid, 'usage')
    ) i
$$;

comment on function compile.search_index(jsonb) is
'The indexes of search: of words, and of parts of words where pg_trgm is installed';

create function compile.search_grant(model jsonb)
    returns table (
        schema_name text, table_name text, column_name text, grantee text, privilege text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select model -> 'app' ->> 'name', '', '', 'qryvanta_search', 'USAGE'
    union all
    select i.schema_name, i.table_name, c.name, 'qryvanta_search', 'SELECT'
    from compile.internal_column(model) i
    cross join lateral unnest(array['tenant_id', 'id', i.column_name] || i.sources) as c (name)
    where i.part = 'search' and compile.in_scope(model, i.table_name)
$$;

comment on function compile.search_grant(jsonb) is
'What the owner of the search functions may do: read what is searched';

commit;
