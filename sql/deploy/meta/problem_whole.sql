-- Deploy qryvanta:meta/problem_whole to pg
-- requires: meta/element
-- Types whose value is no plain value of one column: they make no key, no index and no formula.

begin;

set local role qryvanta_owner;

create function meta.whole_type()
    returns table (type text, meaning text)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    values
    ('richtext', 'holds HTML'),
    ('file', 'refers to a stored file'),
    ('image', 'refers to a stored file'),
    ('geopoint', 'has two columns')
$$;

comment on function meta.whole_type() is
'The field types that can neither be compared as a key nor computed, and why';

create function meta.problem_whole(manifest jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with field as (
        select f.path, f.parent, f.name, f.given, w.type, w.meaning
        from meta.element(manifest) f
        join meta.whole_type() w on w.type = f.given ->> 'type'
        where f.kind = 'field'
    )
    select f.path || '/' || p.parameter,
    format('a %s field cannot be %s: it %s', f.type, p.what, f.meaning)
    from field f
    join (values
        ('unique', 'unique'), ('indexed', 'indexed'), ('formula', 'a formula')
    ) as p (parameter, what)
        on coalesce(f.given ->> p.parameter, 'false') <> 'false'
    union all
    select f.path || '/default', format('a %s field has no default', f.type)
    from field f
    where f.type <> 'richtext' and f.given ->> 'default' is not null
    union all
    select f.path || '/max_size',
    'max_size is a number of bytes up to 2147483647, or a size such as 500kB, 5MB, 1GB'
    from field f
    where case
        when f.given ->> 'max_size' ~ '^[1-9][0-9]{0,9} ?(kB|MB|GB)?$'
            then pg_size_bytes(f.given ->> 'max_size') > 2147483647
        else f.given ->> 'max_size' is not null
    end
    union all
    select k.path || '/fields', format(
        'the %s field %s cannot stand in %s: it %s', f.type, f.name,
        case k.kind when 'keys' then 'a key' else 'an index' end, f.meaning
    )
    from meta.element(manifest) k
    cross join lateral jsonb_array_elements_text(k.given -> 'fields') as n (name)
    join field f on f.parent = k.parent and f.name = n.name
    where k.kind in ('keys', 'indexes')
$$;

comment on function meta.problem_whole(jsonb) is
'Keys, indexes and formulas of fields whose type has none';

commit;
