-- Deploy qryvanta:meta/problem_reference to pg
-- requires: meta/element

begin;

set local role qryvanta_owner;

create function meta.problem_reference(manifest jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with element as (select * from meta.element(manifest)),
    entity as (select * from element e where e.kind in ('entity', 'relation')),
    field as (
        select * from element e where e.kind = 'field'
        union all
        select 'field', e.path || '/' || f.side, e.path, f.field ->> 'name', f.field
        from entity e
        cross join lateral jsonb_array_elements(
            case e.kind when 'relation' then compile.relation_ends(e.given || '{"id": ""}')
                else '[]' end
        ) with ordinality as f (field, side)
    )
    select f.path || '/entity', format('there is no entity %s', to_json(f.given ->> 'entity'))
    from element f
    where f.kind = 'field'
        and f.given ->> 'type' = 'lookup'
        and f.given ->> 'entity' is not null
        and not exists (select from entity e where e.kind = 'entity'
            and e.name = f.given ->> 'entity')
    union all
    select f.path || '/choices', format('there is no choice list %s', f.given -> 'choices')
    from element f
    where f.kind = 'field'
        and jsonb_typeof(f.given -> 'choices') = 'string'
        and not exists (select from element l where l.kind = 'choice_list'
            and l.name = f.given ->> 'choices')
    union all
    select r.path || '/' || s.side, format('there is no entity %s', to_json(r.given ->> s.side))
    from element r
    cross join (values ('from'), ('to')) as s (side)
    where r.kind = 'relation'
        and not exists (select from entity e where e.kind = 'entity'
            and e.name = r.given ->> s.side)
    union all
    select k.path || '/fields', format('there is no field %s', to_json(n.name))
    from element k
    cross join lateral jsonb_array_elements_text(k.given -> 'fields') as n (name)
    where k.kind in ('keys', 'indexes')
        and not exists (select from field f where f.parent = k.parent and f.name = n.name)
    union all
    select k.path || '/fields', format('the field %s stands twice', to_json(n.name))
    from element k
    cross join lateral jsonb_array_elements_text(k.given -> 'fields') as n (name)
    where k.kind in ('keys', 'indexes')
    group by k.path, n.name
    having count(*) > 1
    union all
    select g.path || '/entity', format('there is no entity %s', to_json(g.name))
    from element g
    where g.kind = 'grant' and not exists (select from entity e where e.name = g.name)
    union all
    select g.path || '/fields/' || a.name, format('there is no field %s', to_json(a.name))
    from element g
    join entity e on e.name = g.name
    cross join lateral jsonb_object_keys(coalesce(g.given -> 'fields', '{}')) as a (name)
    where g.kind = 'grant'
        and not exists (select from field f where f.parent = e.path and f.name = a.name)
    union all
    select g.path || '/' || s.verb,
    format('own rows need an entity with ownership: owned, %s has none', g.name)
    from element g
    join entity e on e.name = g.name
    cross join (values ('read'), ('update'), ('delete')) as s (verb)
    where g.kind = 'grant'
        and g.given ->> s.verb = 'own'
        and coalesce(e.given ->> 'ownership', 'tenant') <> 'owned'
    union all
    select f.path || '/currency', format(
        '%s is neither a currency code such as EUR nor a text, choice or lookup field of the entity',
        f.given -> 'currency'
    )
    from element f
    where f.kind = 'field'
        and f.given ->> 'currency' !~ '^[A-Z]{3}$'
        and not exists (
            select
            from field o
            where o.parent = f.parent
                and o.name = f.given ->> 'currency'
                and o.given ->> 'type' in ('text', 'choice', 'lookup')
                and not o.given ? 'entities'
        )
$$;

comment on function meta.problem_reference(jsonb) is 'References to what the model does not have';

create function meta.required_lookup(manifest jsonb)
    returns table (entity text, path text, targets text[])
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        split_part(f.parent, '/', 2), f.path,
        case
            when f.given ? 'entities'
                then array(select jsonb_array_elements_text(f.given -> 'entities'))
            else array[f.given ->> 'entity']
        end
    from meta.element(manifest) f
    where f.kind = 'field' and f.given ->> 'type' = 'lookup'
        and (f.given ->> 'required')::boolean
$$;

comment on function meta.required_lookup(jsonb) is
'The required lookups of a manifest with their entity and their targets';

create function meta.waiting_entity(manifest jsonb)
    returns text[]
    immutable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    waiting text[] := array(select distinct n.entity from meta.required_lookup(manifest) n);
    still text[];
begin
    -- Take away what can have a record, then what that makes possible, until nothing changes.
    loop
        still := array(
            select distinct n.entity
            from meta.required_lookup(manifest) n
            where n.entity = any (waiting) and n.targets <@ waiting
        );
        exit when cardinality(still) = cardinality(waiting);
        waiting := still;
    end loop;
    return waiting;
end
$$;

comment on function meta.waiting_entity(jsonb) is
'The entities of which no first record could exist, each waiting for another of them';

create function meta.problem_cycle(manifest jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with recursive needs as (
        select n.entity, t.name as target, n.path
        from meta.required_lookup(manifest) n
        cross join lateral unnest(n.targets) as t (name)
        -- A lookup among several waits only where each of its targets does.
        where n.targets <@ (select meta.waiting_entity(manifest))
    ),
    chain as (
        select n.entity as start, n.target, n.path, array[n.entity] as trail
        from needs n
        union all
        select c.start, n.target, c.path, c.trail || n.entity
        from chain c
        join needs n on n.entity = c.target
        -- A cycle is reported once, from its alphabetically first entity.
        where n.entity <> all (c.trail) and n.entity > c.start
    )
    select
        c.path,
        format(
            'required lookups form a cycle (%s): no first record could exist',
            array_to_string(c.trail || c.start, ' → ')
        )
    from chain c
    where c.target = c.start
$$;

comment on function meta.problem_cycle(jsonb) is
'Required lookups of which none could be filled first';

commit;
