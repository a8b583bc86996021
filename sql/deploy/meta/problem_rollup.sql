-- Deploy qryvanta:meta/problem_rollup to pg
-- requires: meta/element
-- Rollups of what is not there, of what cannot be summed, or of themselves.

begin;

set local role qryvanta_owner;

create function meta.words(expression text)
    returns setof text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- Names inside text literals are no names.
    select distinct m.word[1]
    from regexp_matches(
        lower(regexp_replace(expression, $quoted$'[^']*'$quoted$, '', 'g')), '[a-z_][a-z0-9_]*', 'g'
    ) as m (word)
$$;

comment on function meta.words(text) is 'The words of an expression that may be fields';

create function meta.rollup(manifest jsonb)
    returns table (
        path text, entity text, name text, given jsonb, rollup_function text, value text,
        child text, pointer text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        f.path, split_part(f.parent, '/', 2), f.name, f.given, f.given ->> 'function',
        f.given ->> 'field', split_part(f.given ->> 'of', '.', 1),
        split_part(f.given ->> 'of', '.', 2)
    from meta.element(manifest) f
    where f.kind = 'field' and f.given ->> 'type' = 'rollup'
$$;

comment on function meta.rollup(jsonb) is 'The rollups of a manifest: what of which children';

create function meta.problem_rollup_circle(manifest jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
as $$
    with recursive need as (
        select r.entity, r.name, r.child as other, w.word
        from meta.rollup(manifest) r
        cross join lateral meta.words(concat_ws(' ', r.value, r.given ->> 'where')) as w (word)
        union
        select split_part(f.parent, '/', 2), f.name, split_part(f.parent, '/', 2), w.word
        from meta.element(manifest) f
        cross join lateral meta.words(f.given ->> 'formula') as w (word)
        where f.kind = 'field'
    ),
    reach as (
        select r.path, r.entity, r.name, n.other, n.word
        from meta.rollup(manifest) r
        join need n using (entity, name)
        union
        select h.path, h.entity, h.name, n.other, n.word
        from reach h
        join need n on n.entity = h.other and n.name = h.word
    )
    select h.path, 'the rollup is made of itself: no value could be right'
    from reach h
    where h.other = h.entity and h.word = h.name
$$;

comment on function meta.problem_rollup_circle(jsonb) is
'Rollups that depend on their own value, through other rollups or formulas';

create function meta.problem_rollup(manifest jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with recursive field as (
        select split_part(f.parent, '/', 2) as entity, f.name, f.given
        from meta.element(manifest) f
        where f.kind = 'field'
        union all
        select e.name, x.field ->> 'name', x.field
        from meta.element(manifest) e
        cross join lateral jsonb_array_elements(
            case e.kind when 'relation' then compile.relation_ends(e.given || '{"id": ""}')
                else '[]' end
        ) as x (field)
    ),
    rollup as (select r.* from meta.rollup(manifest) r),
    -- The kind of value of a rollup is that of the field that it is made of, however deep.
    kind as (
        select
            r.path, r.entity, r.name,
            case r.rollup_function when 'count' then 'bigint' else f.given ->> 'type' end as type
        from rollup r
        left join field f on f.entity = r.child and f.name = r.value
        where r.rollup_function = 'count' or f.given ->> 'type' <> 'rollup'
        union
        select r.path, r.entity, r.name, k.type
        from rollup r
        join kind k on k.entity = r.child and k.name = r.value
        where r.rollup_function <> 'count'
    )
    select r.path || '/of', format('there is no entity %s', to_json(r.child))
    from rollup r
    where not exists (
        select
        from meta.element(manifest) e
        where e.kind in ('entity', 'relation') and e.name = r.child
    )
    union all
    select r.path || '/of',
    format('%s has no lookup %s to %s', r.child, to_json(r.pointer), r.entity)
    from rollup r
    where exists (select from field f where f.entity = r.child)
        and not exists (
            select
            from field f
            where f.entity = r.child and f.name = r.pointer and f.given ->> 'type' = 'lookup'
                and (f.given ->> 'entity' = r.entity or f.given -> 'entities' ? r.entity)
        )
    union all
    select r.path || '/field',
    case when r.value is null then format('a %s needs a field', r.rollup_function)
        else 'a count has no field' end
    from rollup r
    where (r.value is null) <> (r.rollup_function = 'count')
    union all
    select r.path || '/field', format('%s has no field %s', r.child, to_json(r.value))
    from rollup r
    where r.value is not null
        and exists (select from field f where f.entity = r.child)
        and not exists (select from field f where f.entity = r.child and f.name = r.value)
    union all
    select k.path || '/field',
    format('%s is a %s, which has no %s', r.value, k.type, r.rollup_function)
    from rollup r
    join kind k using (path)
    where r.rollup_function <> 'count'
        and k.type not in ('integer', 'bigint', 'decimal', 'money', 'float', 'percent', 'duration')
        and not (r.rollup_function in ('min', 'max') and k.type in ('date', 'time', 'timestamp'))
    union all
    select r.path || '/' || p.parameter, format('a rollup field has no %s', p.parameter)
    from rollup r
    cross join (values
        ('default'), ('formula'), ('required'), ('required_when'), ('unique')
    ) as p (parameter)
    where r.given -> p.parameter is not null and r.given ->> p.parameter <> 'false'
    union all
    select k.path || '/fields', format('the rollup %s cannot be part of a key', n.name)
    from meta.element(manifest) k
    cross join lateral jsonb_array_elements_text(k.given -> 'fields') as n (name)
    join rollup r on r.entity = split_part(k.parent, '/', 2) and r.name = n.name
    where k.kind = 'keys'
    union all
    select * from meta.problem_rollup_circle(manifest)
$$;

comment on function meta.problem_rollup(jsonb) is
'Rollups of children, lookups or fields that are not there or do not fit';

commit;
