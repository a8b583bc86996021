-- Deploy qryvanta:meta/problem_rule to pg
-- requires: meta/element
-- Rules whose parts do not fit each other or the fields of their entity.

begin;

set local role qryvanta_owner;

create function meta.rule_field(manifest jsonb)
    returns table (parent text, name text, type text, given jsonb)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select e.parent, e.name, e.given ->> 'type', e.given
    from meta.element(manifest) e
    where e.kind = 'field'
    union all
    select r.path, f.field ->> 'name', f.field ->> 'type', f.field
    from meta.element(manifest) r
    cross join lateral jsonb_array_elements(
        case r.kind when 'relation' then compile.relation_ends(r.given || '{"id": ""}')
            else '[]' end
    ) as f (field)
$$;

comment on function meta.rule_field(jsonb) is
'The fields of each entity, and of each relation with the lookups to its ends';

create function meta.overlap_part(manifest jsonb)
    returns table (path text, part text, place bigint, name text, type text, given jsonb)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        format('%s/no_overlap/%s', r.path, n.part), n.part, n.place, n.name, f.type, f.given
    from meta.element(manifest) r
    cross join lateral (
        select p.part, 0::bigint as place, r.given -> 'no_overlap' ->> p.part as name
        from (values ('from'), ('to')) as p (part)
        union all
        select 'key', k.place, k.name
        from jsonb_array_elements_text(coalesce(r.given -> 'no_overlap' -> 'key', '[]'))
            with ordinality as k (name, place)
    ) n
    left join meta.rule_field(manifest) f
        on f.parent = regexp_replace(r.path, '/rules/[^/]*$', '') and f.name = n.name
    where r.kind = 'rule' and r.given ? 'no_overlap'
$$;

comment on function meta.overlap_part(jsonb) is
'What the "no overlap" rules name: part (from, to, key), the name, and the field if there is one';

create function meta.problem_rule(manifest jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with part as materialized (select * from meta.overlap_part(manifest))
    select r.path, 'a rule has either a check or no_overlap'
    from meta.element(manifest) r
    where r.kind = 'rule' and (r.given ? 'check') = (r.given ? 'no_overlap')
    union all
    select r.path || '/severity', 'an overlap is always an error, never a warning'
    from meta.element(manifest) r
    where r.kind = 'rule' and r.given ? 'no_overlap' and r.given ->> 'severity' = 'warning'
    union all
    select p.path, format('there is no field %s', to_json(p.name))
    from part p
    where p.given is null
    union all
    select p.path, format('a period needs date or timestamp fields, %s is %s', p.name, p.type)
    from part p
    where p.part in ('from', 'to') and p.type not in ('date', 'timestamp')
    union all
    select t.path, format('from and to must be of one type, not %s and %s', f.type, t.type)
    from part f
    join part t on t.part = 'to' and t.path = regexp_replace(f.path, 'from$', 'to')
    where f.part = 'from' and f.type in ('date', 'timestamp') and t.type in ('date', 'timestamp')
        and f.type <> t.type
    union all
    select p.path, format('the field %s stands twice', to_json(p.name))
    from part p
    group by regexp_replace(p.path, '[^/]*$', ''), p.path, p.name
    having count(*) > 1
    union all
    select t.path, format('from and to are both %s', to_json(t.name))
    from part f
    join part t
        on t.part = 'to' and t.path = regexp_replace(f.path, 'from$', 'to') and t.name = f.name
    where f.part = 'from'
    union all
    select
        p.path,
        format(
            'a key has text, choice, autonumber, integer, bigint, lookup, user or uuid fields, '
            '%s is %s',
            p.name, case when p.given ? 'entities' then 'a lookup among several entities' else p.type end
        )
    from part p
    where p.part = 'key'
        and (
            p.given ? 'entities'
            or p.type not in (
                'text', 'choice', 'autonumber', 'integer', 'bigint', 'lookup', 'user', 'uuid'
            )
        )
    union all
    select f.path || '/required_when', format('%s is required always', f.name)
    from meta.element(manifest) f
    where f.kind = 'field' and f.given ->> 'required_when' is not null
        and (f.given ->> 'required')::boolean
    union all
    select f.path || '/required_when',
    format('%s always has its value', case when f.given ? 'formula' then 'a formula' else 'an autonumber' end)
    from meta.element(manifest) f
    where f.kind = 'field' and f.given ->> 'required_when' is not null
        and (f.given ->> 'formula' is not null or f.given ->> 'type' = 'autonumber')
    union all
    select
        format('%s/%s', f.path, v.part), format('%s is no value of %s', to_json(v.value), f.name)
    from meta.element(manifest) f
    cross join lateral (
        select 'transitions' as part, s.value
        from jsonb_each(
            case jsonb_typeof(f.given -> 'transitions') when 'object' then f.given -> 'transitions'
                else '{}' end
        ) as t (value, following)
        cross join lateral (
            select t.value
            union all
            select n.value
            from jsonb_array_elements_text(t.following) as n (value)
        ) s
        union all
        select 'initial', i.value
        from jsonb_array_elements_text(coalesce(f.given -> 'initial', '[]')) as i (value)
    ) v
    where f.kind = 'field'
        and f.given ->> 'type' = 'choice'
        and not jsonb_path_exists(
            compile.resolved_choices(f.given -> 'choices', coalesce(manifest -> 'choices', '{}')),
            '$[*].value ? (@ == $value)', jsonb_build_object('value', v.value)
        )
$$;

comment on function meta.problem_rule(jsonb) is
'Rules whose parts do not fit, and conditions of fields that need none';

commit;
