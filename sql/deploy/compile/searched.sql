-- Deploy qryvanta:compile/searched to pg
-- requires: compile/name
-- What of an entity is searched: its searchable fields and the one that names its records.

begin;

set local role qryvanta_owner;

create function compile.searchable_type()
    returns text[]
    immutable
    parallel safe
    language sql
return '{text,richtext,autonumber,choice,integer,bigint}'::text[];

comment on function compile.searchable_type() is
'The types of fields that can be part of a search document: words that say the same to everybody';

create function compile.searched(entity jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return entity || jsonb_build_object('search', (
    select jsonb_build_object(
        'function', compile.derived_name((entity ->> 'name') || '_search'),
        'title', max(f.field ->> 'name') filter (where f.titled),
        'fields', jsonb_agg(f.field ->> 'name' order by f.titled desc, f.place)
    )
    from (
        select
            x.field, x.place,
            x.field ->> 'name' = entity ->> 'title'
            or x.field ->> 'column' = entity ->> 'title_sql' as titled
        from jsonb_array_elements(entity -> 'fields') with ordinality as x (field, place)
    ) f
    where ((f.field ->> 'searchable')::boolean or f.titled)
        and not (f.field ->> 'sensitive')::boolean
        and f.field ->> 'type' = any(compile.searchable_type())
    having bool_or((f.field ->> 'searchable')::boolean)
));

comment on function compile.searched(jsonb) is
'An entity with its search: the function and the fields, the title first; null when no field is '
'searchable';

create function compile.searched_text(field jsonb)
    returns text
    immutable
    language sql
return format(
    'coalesce((%s)::text, '''')', coalesce(field ->> 'formula_sql', quote_ident(field ->> 'column'))
);

comment on function compile.searched_text(jsonb) is 'The text of a field that is searched';

commit;
