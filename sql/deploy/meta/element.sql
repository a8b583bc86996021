-- Deploy qryvanta:meta/element to pg
-- requires: meta/manifest compile/role_model
-- The elements of a manifest as rows, each with its path, for the checks of meta/problem_*.

begin;

set local role qryvanta_owner;

create function meta.element(manifest jsonb)
    returns table (kind text, path text, parent text, name text, given jsonb)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with entity as (
        select 'entity' as kind, 'entities/' || (e.entity ->> 'name') as path, 'entities'
            as parent, e.entity as given
        from jsonb_array_elements(manifest -> 'entities') as e (entity)
        union all
        select 'relation', 'relations/' || (r.relation ->> 'name'), 'entities', r.relation
        from jsonb_array_elements(coalesce(manifest -> 'relations', '[]')) as r (relation)
    ),
    role as (
        select 'role' as kind, 'roles/' || (r.role ->> 'name') as path, 'roles' as parent, r.role
            as given
        from jsonb_array_elements(coalesce(manifest -> 'roles', '[]')) as r (role)
    )
    select 'app', 'app', '', manifest -> 'app' ->> 'name', manifest -> 'app'
    union all
    select 'choice_list', 'choices/' || l.name, 'choices', l.name, l.choices
    from jsonb_each(coalesce(manifest -> 'choices', '{}')) as l (name, choices)
    union all
    select e.kind, e.path, e.parent, e.given ->> 'name', e.given
    from entity e
    union all
    select 'field', e.path || '/fields/' || (f.field ->> 'name'), e.path, f.field ->> 'name',
    f.field
    from entity e
    cross join lateral jsonb_array_elements(coalesce(e.given -> 'fields', '[]')) as f (field)
    union all
    select 'rule', e.path || '/rules/' || (r.rule ->> 'name'), e.path || '/rules',
    r.rule ->> 'name', r.rule
    from entity e
    cross join lateral jsonb_array_elements(coalesce(e.given -> 'rules', '[]')) as r (rule)
    union all
    select k.kind, format('%s/%s/%s', e.path, k.kind, n.place - 1), e.path, null, n.key
    from entity e
    cross join (values ('keys'), ('indexes')) as k (kind)
    cross join lateral jsonb_array_elements(coalesce(e.given -> k.kind, '[]')) with ordinality
        as n (key, place)
    union all
    select r.kind, r.path, r.parent, r.given ->> 'name', r.given
    from role r
    union all
    select 'grant', r.path || '/grants/' || (g.grant ->> 'entity'), r.path, g.grant ->> 'entity',
    g.grant
    from role r
    cross join lateral jsonb_array_elements(coalesce(r.given -> 'grants', '[]')) as g ("grant")
$$;

comment on function meta.element(jsonb) is
'The elements of a manifest: kind (app, entity, relation, field, rule, keys, indexes, role, '
'grant, choice_list), path, the path of the parent in which its name is unique';

commit;
