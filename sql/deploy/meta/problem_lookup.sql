-- Deploy qryvanta:meta/problem_lookup to pg
-- requires: meta/element
-- What a lookup cannot refer to, and what one among several entities cannot be.

begin;

set local role qryvanta_owner;

create function meta.problem_lookup(manifest jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with element as (select * from meta.element(manifest)),
    lookup as (
        select f.path, f.parent, f.name, f.given, f.given ? 'entities' as several
        from element f
        where f.kind = 'field' and f.given ->> 'type' = 'lookup'
    )
    select l.path, 'a lookup field needs entity, or entities for one among several'
    from lookup l
    where (l.given ->> 'entity' is not null) = l.several
    union all
    select l.path || '/entities', 'a lookup among several needs two entities at least'
    from lookup l
    where l.several and jsonb_array_length(l.given -> 'entities') < 2
    union all
    select l.path || '/entities', format('there is no entity %s', to_json(t.name))
    from lookup l
    cross join lateral jsonb_array_elements_text(l.given -> 'entities') as t (name)
    where not exists (select from element e where e.kind = 'entity' and e.name = t.name)
    union all
    select l.path || '/entities', format('the entity %s stands twice', to_json(t.name))
    from lookup l
    cross join lateral jsonb_array_elements_text(l.given -> 'entities') as t (name)
    group by l.path, t.name
    having count(*) > 1
    union all
    select l.path || '/' || p.name, format('a lookup among several entities has no %s', p.name)
    from lookup l
    cross join (values ('unique'), ('default')) as p (name)
    where l.several and coalesce(l.given ->> p.name, 'false') <> 'false'
    union all
    select e.path || '/hierarchy', format(
        '%s is no lookup of %s to %s alone', e.given -> 'hierarchy', e.name, e.name
    )
    from element e
    where e.kind = 'entity' and e.given ->> 'hierarchy' is not null
        and not exists (
            select
            from lookup l
            where l.parent = e.path and l.name = e.given ->> 'hierarchy'
                and l.given ->> 'entity' = e.name
        )
    union all
    select k.path || '/fields',
    format('the field %s has several columns and cannot be part of it', to_json(l.name))
    from element k
    join lookup l on l.several and l.parent = k.parent and k.given -> 'fields' ? l.name
    where k.kind in ('keys', 'indexes')
$$;

comment on function meta.problem_lookup(jsonb) is
'Lookups with no or unknown targets; keys, uniqueness and defaults over several targets';

commit;
