-- Deploy qryvanta:meta/problem_search to pg
-- requires: compile/step compile/searched

begin;

set local role qryvanta_owner;

create function meta.problem_search(model jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        format('entities/%s/fields/%s/searchable', f.table_name, f.name),
        case
            when f.type <> all (compile.searchable_type())
                then format('a %s field cannot be searched for words', f.type)
            else 'a sensitive field is kept out of search'
        end
    from compile.field(model) f
    where (f.field ->> 'searchable')::boolean
        and (f.type <> all (compile.searchable_type()) or (f.field ->> 'sensitive')::boolean)
    union all
    select
        'app/language',
        format('PostgreSQL has no text search configuration %s',
            to_json(model -> 'app' ->> 'language'))
    where not exists (
        select
        from pg_catalog.pg_ts_config c
        where c.cfgname = model -> 'app' ->> 'language'
            and c.cfgnamespace = 'pg_catalog'::regnamespace
    )
$$;

comment on function meta.problem_search(jsonb) is
'Fields that cannot be searched, and a language that PostgreSQL does not know';

commit;
