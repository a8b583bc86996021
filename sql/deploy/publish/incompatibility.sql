-- Deploy qryvanta:publish/incompatibility to pg
-- requires: publish/field_break
-- What clients of the API, saved views and queries of the old shape would stumble over.

begin;

set local role qryvanta_owner;

create function publish.entity_break(old_model jsonb, new_model jsonb)
    returns setof publish.break
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'entities/' || o.table_name, b.kind,
        format(
            '%s %s %s', case when o.relation then 'Relation' else 'Entity' end,
            o.entity ->> 'label', b.words
        )
    from compile.entity(old_model) o
    left join compile.entity(new_model) n using (entity_id)
    cross join lateral (values
        ('removed', n.entity is null, 'is removed'),
        (
            'renamed', n.table_name <> o.table_name,
            format('is called %s instead of %s', n.table_name, o.table_name)
        ),
        ('removed', o.owned and not n.owned, 'has no owner_id any more'),
        (
            'removed', o.recycled and not n.recycled,
            'has no deleted_at any more: what is deleted is gone'
        )
    ) as b (kind, holds, words)
    where b.holds
    union all
    select
        'app', 'renamed',
        format(
            'App %s is called %s: all its addresses change', old_model -> 'app' ->> 'name',
            new_model -> 'app' ->> 'name'
        )
    where old_model -> 'app' ->> 'name' <> new_model -> 'app' ->> 'name'
$$;

comment on function publish.entity_break(jsonb, jsonb) is
'Entities, relations and columns of the platform that go or get another name';

create function publish.key_fields(model jsonb, part text)
    returns table (entity_id uuid, table_name text, label text, fields text, idents uuid [])
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        e.entity_id, e.table_name, e.entity ->> 'label', string_agg(n.name, ', ' order by n.place),
        array_agg(f.field_id order by f.field_id)
    from compile.entity(model) e
    cross join lateral jsonb_array_elements(e.entity -> part) with ordinality as k (given, no)
    cross join lateral jsonb_array_elements_text(k.given -> 'fields') with ordinality
        as n (name, place)
    join compile.field(model) f on f.table_name = e.table_name and f.name = n.name
    group by e.entity_id, e.table_name, e.entity ->> 'label', k.no
$$;

comment on function publish.key_fields(jsonb, text) is
'The keys (part keys) of a model by the ids of their fields';

create function publish.rule_break(old_model jsonb, new_model jsonb)
    returns setof publish.break
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'entities/' || o.table_name, 'key',
        format(
            'Key of %s (%s) is removed: addresses and upserts by it fail', o.label, o.fields
        )
    from publish.key_fields(old_model, 'keys') o
    join compile.entity(new_model) e using (entity_id)
    where not exists (
        select
        from publish.key_fields(new_model, 'keys') n
        where n.entity_id = o.entity_id and n.idents = o.idents
    )
    union all
    select
        'entities/' || n.table_name, 'unique',
        format('%s must be unique by %s: a record with the same is refused', n.label, n.fields)
    from publish.key_fields(new_model, 'keys') n
    join compile.entity(old_model) e using (entity_id)
    where not exists (
        select
        from publish.key_fields(old_model, 'keys') o
        where o.entity_id = n.entity_id and o.idents = n.idents
    )
    union all
    select
        format('entities/%s/rules/%s', n.table_name, r.rule ->> 'name'), 'narrower',
        format(
            'Rule %s.%s is %s: records that break it are refused', n.entity ->> 'label',
            r.rule ->> 'name', case when p.rule is null then 'new' else 'changed' end
        )
    from compile.entity(new_model) n
    join compile.entity(old_model) o using (entity_id)
    cross join lateral jsonb_array_elements(n.entity -> 'rules') as r (rule)
    left join lateral jsonb_array_elements(o.entity -> 'rules') as p (rule)
        on p.rule -> 'id' = r.rule -> 'id'
    where p.rule ->> 'check' is distinct from r.rule ->> 'check'
        -- A renamed field changes the words of a rule and not what it means.
        and (p.rule is null or not exists (
            select
            from publish.field_pair(old_model, new_model) f
            where f.old ->> 'name' <> f.new ->> 'name'
                and f.path like format('entities/%s/fields/%%', o.table_name)
                and r.rule ->> 'check' ~ format('\m%s\M', f.new ->> 'name')
        ))
$$;

comment on function publish.rule_break(jsonb, jsonb) is
'Keys that go, and keys and rules that now refuse what was taken before';

create function publish.scope_rank(scope text)
    returns integer
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return coalesce(
    array_position(array['none', 'false', 'own', 'read', 'team', 'tenant', 'write', 'true'], scope),
    1
);

comment on function publish.scope_rank(text) is 'How far a right goes; a greater number is more';

create function publish.role_break(old_model jsonb, new_model jsonb)
    returns setof publish.break
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- Each model is taken apart once: an app may have thousands of entities and grants.
    with new_grant as materialized (
        select r.role ->> 'name' as role, e.entity_id, e.entity ->> 'plural' as plural, g.given
        from jsonb_array_elements(new_model -> 'roles') as r (role)
        cross join lateral jsonb_array_elements(r.role -> 'grants') as g (given)
        join compile.entity(new_model) e on e.table_name = g.given ->> 'entity'
    ),

    old_grant as materialized (
        select r.role ->> 'name' as role, e.entity_id, e.entity ->> 'plural' as plural, g.given
        from jsonb_array_elements(old_model -> 'roles') as r (role)
        cross join lateral jsonb_array_elements(r.role -> 'grants') as g (given)
        join compile.entity(old_model) e on e.table_name = g.given ->> 'entity'
        except
        select n.role, n.entity_id, n.plural, n.given from new_grant n
    )

    select
        'roles/' || (o.role ->> 'name'),
        case when n.role is null then 'removed' else 'renamed' end,
        format('Role %s is ', o.role ->> 'name')
        || coalesce('called ' || (n.role ->> 'name'), 'removed: who has it loses its rights')
    from jsonb_array_elements(old_model -> 'roles') as o (role)
    left join jsonb_array_elements(new_model -> 'roles') as n (role)
        on n.role ->> 'id' = o.role ->> 'id'
            or (
                (n.role ->> 'id' is null or o.role ->> 'id' is null)
                and n.role ->> 'name' = o.role ->> 'name'
            )
    where n.role is null or n.role ->> 'name' <> o.role ->> 'name'
    union all
    select
        format('roles/%s/grants/%s', o.role, o.given ->> 'entity'), 'rights',
        format(
            'Role %s may no longer %s %s%s', o.role, v.verb,
            case when publish.scope_rank(n.given ->> v.verb) > 2 then 'all ' else '' end,
            publish.spoken(o.plural)
        )
    from old_grant o
    cross join (values ('read'), ('create'), ('update'), ('delete')) as v (verb)
    left join new_grant n on n.role = o.role and n.entity_id = o.entity_id
    where exists (
            select from jsonb_array_elements(new_model -> 'roles') as x (role)
            where x.role ->> 'name' = o.role
        )
        and exists (select from compile.entity(new_model) x where x.entity_id = o.entity_id)
        and publish.scope_rank(n.given ->> v.verb) < publish.scope_rank(o.given ->> v.verb)
    union all
    select
        format('roles/%s/grants/%s/%s', o.role, o.given ->> 'entity', f.name), 'rights',
        format('Role %s may no longer %s %s of %s', o.role,
            case f.access when 'none' then 'read' else 'write' end, f.name,
            publish.spoken(o.plural))
    from old_grant o
    join new_grant n on n.role = o.role and n.entity_id = o.entity_id
    cross join lateral jsonb_each_text(n.given -> 'fields') as f (name, access)
    where publish.scope_rank(f.access)
        < publish.scope_rank(coalesce(o.given -> 'fields' ->> f.name, 'write'))
        and exists (
            select from compile.field(old_model) x
            where x.table_name = o.given ->> 'entity' and x.name = f.name
        )
$$;

comment on function publish.role_break(jsonb, jsonb) is
'Roles that go or get another name, and rights that they lose';

create function publish.without_twins(model jsonb, other jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with twin as materialized (
        select e.entity - 'constraints' as entity from compile.entity(model) e
        intersect
        select e.entity - 'constraints' from compile.entity(other) e
    )
    select model || jsonb_build_object(
        'entities',
        (
            select jsonb_agg(
                case when t.entity is null then e.entity
                    else e.entity || '{"fields": [], "rules": [], "keys": [], "indexes": []}' end
                order by e.place
            )
            from compile.entity(model) e
            left join twin t on t.entity = e.entity - 'constraints'
        )
    )
$$;

comment on function publish.without_twins(jsonb, jsonb) is
'A model in which entities that another one has just the same have lost their fields and rules: '
'few of a thousand differ';

create function publish.incompatibility(old_model jsonb, new_model jsonb)
    returns setof publish.break
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    old_one jsonb := publish.unpacked(incompatibility.old_model);
    new_one jsonb := publish.unpacked(incompatibility.new_model);
    before jsonb := publish.without_twins(old_one, new_one);
    after jsonb := publish.without_twins(new_one, old_one);
begin
    return query
    select b.*
    from (
        select * from publish.entity_break(before, after)
        union all
        select * from publish.field_break(before, after)
        union all
        select * from publish.rule_break(before, after)
        union all
        select * from publish.role_break(old_one, new_one)
    ) b
    order by b.path, b.kind, b.sentence;
end
$$;

comment on function publish.incompatibility(jsonb, jsonb) is
'What would stop working for clients of the API, saved views and queries made for a model in force '
'when another model is published; what is only added breaks nothing';

commit;
