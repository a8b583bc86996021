-- Deploy qryvanta:meta/store to pg
-- requires: meta/role meta/key meta/field_target
-- A manifest becomes the draft. An element keeps its id: the one it carries, else that of the
-- element of its name in the draft before; so a rename is a rename, not a drop and an add.

begin;

set local role qryvanta_owner;

create function meta.known_ids(app_id uuid, manifest jsonb)
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select coalesce(jsonb_object_agg(known.path, known.id), '{}')
    from (
        select 'entity ' || e.name as path, e.entity_id as id
        from meta.entity e
        where e.app_id = known_ids.app_id
        union all
        select format('field %s.%s', e.name, f.name), f.field_id
        from meta.entity e
        join meta.field f using (entity_id)
        where e.app_id = known_ids.app_id
        union all
        select format('rule %s.%s', e.name, r.name), r.rule_id
        from meta.entity e
        join meta.rule r using (entity_id)
        where e.app_id = known_ids.app_id
        union all
        select 'role ' || r.name, r.role_id
        from meta.role r
        where r.app_id = known_ids.app_id
        union all
        select k.* from meta.known_keys(known_ids.app_id) k
    ) known
    -- Whoever says an id may give its old name to another element.
    where not exists (
        select
        from unnest(array[
            '$.entities[*].id', '$.relations[*].id', '$.roles[*].id',
            '$.entities[*].fields[*].id', '$.relations[*].fields[*].id',
            '$.entities[*].rules[*].id', '$.relations[*].rules[*].id',
            '$.entities[*].keys[*].id', '$.entities[*].indexes[*].id'
        ]::jsonpath []) as p (path)
        cross join lateral jsonb_path_query(known_ids.manifest, p.path) as said (id)
        where said.id #>> '{}' = known.id::text
    )
);

comment on function meta.known_ids(uuid, jsonb) is
'The ids of a draft by the path of names of each element, but for those that a manifest says';

create function meta.store_app(manifest jsonb, tenant_id uuid)
    returns uuid
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    given jsonb := manifest -> 'app';
    known meta.app;
begin
    select a.* into known
    from meta.app a
    where a.app_id = (given ->> 'id')::uuid or a.name = given ->> 'name'
        or exists (
            select
            from meta.alias m
            where m.app_id = a.app_id
                and m.foreign_id = (given ->> 'id')::uuid and m.element_id = a.app_id
        )
    order by (a.app_id = (given ->> 'id')::uuid) desc nulls last
    limit 1;
    if known.tenant_id <> store_app.tenant_id then
        raise exception 'app "%" belongs to another tenant',
        given ->> 'name' using errcode = '42501';
    end if;
    insert into meta.app as a (app_id, tenant_id, name, label, description, icon, language)
    values (
        coalesce(known.app_id, (given ->> 'id')::uuid, tenancy.new_id()), store_app.tenant_id,
        given ->> 'name', given ->> 'label', given ->> 'description', given ->> 'icon',
        given ->> 'language'
    )
    on conflict (app_id) do update
    set name = excluded.name, label = excluded.label, description = excluded.description,
        icon = excluded.icon, language = excluded.language
    returning a.app_id into known.app_id;
    insert into tenancy.installation (tenant_id, app_id)
    values (store_app.tenant_id, known.app_id)
    on conflict do nothing;
    return known.app_id;
end
$$;

comment on function meta.store_app(jsonb, uuid) is
'Keeps the head of a manifest; raises 42501 when another tenant owns the app';

create function meta.given_choice(choice_list_id uuid, given jsonb)
    returns table (
        choice_list_id uuid, place bigint, value text, label text, tone text, applies_when jsonb
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- The short form of a choice is its value alone.
    select
        given_choice.choice_list_id, c.place, coalesce(c.choice ->> 'value', c.choice #>> '{}'),
        c.choice ->> 'label', c.choice ->> 'tone', c.choice -> 'when'
    from jsonb_array_elements(given) with ordinality as c (choice, place)
$$;

comment on function meta.given_choice(uuid, jsonb) is
'The values of a choice list as they are kept';

create function meta.store_choice_lists(app_id uuid, manifest jsonb)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    list record;
begin
    for list in
        select l.name, l.choices, l.position, tenancy.new_id() as choice_list_id
        from jsonb_each(coalesce(manifest -> 'choices', '{}')) with ordinality
            as l (name, choices, position)
    loop
        insert into meta.choice_list (choice_list_id, app_id, position, name)
        values (list.choice_list_id, store_choice_lists.app_id, list.position, list.name);
        insert into meta.choice (choice_list_id, position, value, label, tone, applies_when)
        select c.* from meta.given_choice(list.choice_list_id, list.choices) c;
    end loop;
end
$$;

comment on function meta.store_choice_lists(uuid, jsonb) is 'Keeps the choice lists of a manifest';

create function meta.store_entities(app_id uuid, manifest jsonb, known jsonb)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    insert into meta.entity (
        entity_id, app_id, position, name, label, plural, description, icon, title, title_sql,
        hierarchy, ownership, audit, recycle
    )
    select
        coalesce((e.entity ->> 'id')::uuid, (known ->> ('entity ' || (e.entity ->> 'name')))::uuid,
            tenancy.new_id()),
        store_entities.app_id, e.position, e.entity ->> 'name', e.entity ->> 'label',
        e.entity ->> 'plural', e.entity ->> 'description', e.entity ->> 'icon',
        e.entity ->> 'title',
        e.entity ->> 'title_sql', e.entity ->> 'hierarchy', e.entity ->> 'ownership',
        (e.entity ->> 'audit')::boolean,
        (e.entity ->> 'recycle')::boolean
    from jsonb_array_elements(manifest -> 'entities') with ordinality as e (entity, position);

    insert into meta.entity (
        entity_id, app_id, position, name, label, plural, description, icon, audit, from_entity_id,
        to_entity_id
    )
    select
        coalesce(
            (r.relation ->> 'id')::uuid,
            (known ->> ('entity ' || (r.relation ->> 'name')))::uuid,
            tenancy.new_id()
        ),
        store_entities.app_id, r.position, r.relation ->> 'name', r.relation ->> 'label',
        r.relation ->> 'plural', r.relation ->> 'description', r.relation ->> 'icon',
        (r.relation ->> 'audit')::boolean, from_end.entity_id, to_end.entity_id
    from jsonb_array_elements(coalesce(manifest -> 'relations', '[]')) with ordinality
        as r (relation, position)
    left join meta.entity from_end
        on from_end.app_id = store_entities.app_id and from_end.name = r.relation ->> 'from'
    left join meta.entity to_end
        on to_end.app_id = store_entities.app_id and to_end.name = r.relation ->> 'to'
$$;

comment on function meta.store_entities(uuid, jsonb, jsonb) is
'Keeps the entities and relations of a manifest';

create function meta.given_part(app_id uuid, manifest jsonb, part text)
    returns table (entity_id uuid, entity_name text, item jsonb, place bigint)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select e.entity_id, e.name, p.item, p.place
    from jsonb_array_elements(
        (manifest -> 'entities') || coalesce(manifest -> 'relations', '[]')
    ) as g (entity)
    join meta.entity e on e.app_id = given_part.app_id and e.name = g.entity ->> 'name'
    cross join lateral jsonb_array_elements(coalesce(g.entity -> given_part.part, '[]'))
        with ordinality as p (item, place)
$$;

comment on function meta.given_part(uuid, jsonb, text) is
'What all entities of a manifest list under a key: fields, keys, indexes or rules';

create function meta.store_fields(app_id uuid, manifest jsonb, known jsonb)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with given as materialized (
        select
            f.entity_id, f.item as field, f.place,
            coalesce(
                (f.item ->> 'id')::uuid,
                (known ->> format('field %s.%s', f.entity_name, f.item ->> 'name'))::uuid,
                tenancy.new_id()
            ) as field_id,
            case when jsonb_typeof(f.item -> 'choices') = 'array' then tenancy.new_id() end
                as own_list_id
        from meta.given_part(store_fields.app_id, manifest, 'fields') f
    ),
    own_list as (
        insert into meta.choice_list (choice_list_id, app_id, position)
        select g.own_list_id, store_fields.app_id, g.place
        from given g
        where g.own_list_id is not null
    ),
    own_choice as (
        insert into meta.choice (choice_list_id, position, value, label, tone, applies_when)
        select c.*
        from given g
        cross join lateral meta.given_choice(g.own_list_id, g.field -> 'choices') c
        where g.own_list_id is not null
    )
    insert into meta.field (
        field_id, app_id, entity_id, position, name, type, label, description, help, required,
        is_unique, readonly, searchable, indexed, sensitive, default_expression, default_sql,
        formula, formula_sql, required_when, required_when_sql, max_size, accept, length, pattern,
        format, multiline, minimum, maximum, numeric_precision, numeric_scale, currency, transitions,
        initial, choice_list_id, target_entity_id, on_delete, json_schema,
        rollup_of, rollup_function, rollup_field, rollup_where, rollup_where_sql
    )
    select
        g.field_id, store_fields.app_id, g.entity_id, g.place,
        g.field ->> 'name', g.field ->> 'type', g.field ->> 'label', g.field ->> 'description',
        g.field ->> 'help', coalesce((g.field ->> 'required')::boolean, false),
        coalesce((g.field ->> 'unique')::boolean, false),
        coalesce((g.field ->> 'readonly')::boolean, false),
        coalesce((g.field ->> 'searchable')::boolean, false),
        coalesce((g.field ->> 'indexed')::boolean, false),
        coalesce((g.field ->> 'sensitive')::boolean, false), g.field ->> 'default',
        g.field ->> 'default_sql', g.field ->> 'formula', g.field ->> 'formula_sql',
        g.field ->> 'required_when', g.field ->> 'required_when_sql',
        g.field ->> 'max_size', g.field -> 'accept',
        (g.field ->> 'length')::integer, g.field ->> 'pattern', g.field ->> 'format',
        (g.field ->> 'multiline')::boolean, g.field ->> 'min', g.field ->> 'max',
        (g.field ->> 'precision')::integer, (g.field ->> 'scale')::integer, g.field ->> 'currency',
        g.field -> 'transitions', g.field -> 'initial',
        coalesce(g.own_list_id, l.choice_list_id), target.entity_id,
        g.field ->> 'on_delete', g.field -> 'schema', g.field ->> 'of', g.field ->> 'function',
        g.field ->> 'field', g.field ->> 'where', g.field ->> 'where_sql'
    from given g
    left join meta.choice_list l
        on l.app_id = store_fields.app_id and jsonb_typeof(g.field -> 'choices') = 'string'
            and l.name = g.field ->> 'choices'
    left join meta.entity target
        on target.app_id = store_fields.app_id and target.name = g.field ->> 'entity'
$$;


comment on function meta.store_fields(uuid, jsonb, jsonb) is
'Keeps the fields of all entities in one statement: an app may have thousands';

create function meta.store_targets(app_id uuid, manifest jsonb)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    insert into meta.field_target (app_id, field_id, position, target_entity_id)
    select store_targets.app_id, f.field_id, t.place, e.entity_id
    from meta.given_part(store_targets.app_id, manifest, 'fields') g
    join meta.field f on f.entity_id = g.entity_id and f.name = g.item ->> 'name'
    cross join lateral jsonb_array_elements_text(g.item -> 'entities') with ordinality
        as t (name, place)
    left join meta.entity e on e.app_id = store_targets.app_id and e.name = t.name
$$;

comment on function meta.store_targets(uuid, jsonb) is
'Keeps the targets of all lookups among several entities';

create function meta.store_keys(
    app_id uuid, manifest jsonb, part text, is_unique boolean, known jsonb
)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with placed as materialized (
        select
            k.entity_id, k.item, k.place, (k.item ->> 'id')::uuid as given_id,
            meta.key_path(k.item, k.entity_id, store_keys.part) as path
        from meta.given_part(store_keys.app_id, manifest, store_keys.part) k
    ),
    given as materialized (
        select
            p.entity_id, p.item, p.place,
            coalesce(
                p.given_id,
                -- Of two alike only one can have the id.
                case when row_number() over (partition by p.path order by p.place) = 1
                    then (known ->> p.path)::uuid end,
                tenancy.new_id()
            ) as key_id
        from placed p
    ),
    key as (
        insert into meta.key (key_id, entity_id, position, is_unique)
        select g.key_id, g.entity_id, g.place, store_keys.is_unique
        from given g
    )
    insert into meta.key_field (key_id, entity_id, position, field_id)
    select g.key_id, g.entity_id, n.position, f.field_id
    from given g
    cross join lateral jsonb_array_elements_text(g.item -> 'fields') with ordinality
        as n (name, position)
    left join meta.field f on f.entity_id = g.entity_id and f.name = n.name
$$;

comment on function meta.store_keys(uuid, jsonb, text, boolean, jsonb) is
'Keeps the alternate keys (unique) or the indexes of all entities';

create function meta.store_rules(app_id uuid, manifest jsonb, known jsonb)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    insert into meta.rule (
        rule_id, entity_id, position, name, label, check_expression, check_sql, no_overlap,
        severity, message
    )
    select
        coalesce(
            (r.item ->> 'id')::uuid,
            (known ->> format('rule %s.%s', r.entity_name, r.item ->> 'name'))::uuid,
            tenancy.new_id()
        ),
        r.entity_id, r.place, r.item ->> 'name', r.item ->> 'label', r.item ->> 'check',
        r.item ->> 'check_sql', r.item -> 'no_overlap', r.item ->> 'severity',
        r.item ->> 'message'
    from meta.given_part(store_rules.app_id, manifest, 'rules') r
$$;

comment on function meta.store_rules(uuid, jsonb, jsonb) is 'Keeps the rules of all entities';

create function meta.store_roles(app_id uuid, manifest jsonb, known jsonb)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    insert into meta.role (role_id, app_id, position, name, label, description)
    select
        coalesce((r.role ->> 'id')::uuid, (known ->> ('role ' || (r.role ->> 'name')))::uuid,
            tenancy.new_id()),
        store_roles.app_id, r.position, r.role ->> 'name', r.role ->> 'label',
        r.role ->> 'description'
    from jsonb_array_elements(coalesce(manifest -> 'roles', '[]')) with ordinality
        as r (role, position);

    insert into meta.role_grant (
        role_id, entity_id, position, read_scope, may_create, update_scope, delete_scope
    )
    select
        m.role_id, e.entity_id, g.position, g.grant ->> 'read', (g.grant ->> 'create')::boolean,
        g.grant ->> 'update', g.grant ->> 'delete'
    from jsonb_array_elements(coalesce(manifest -> 'roles', '[]')) as r (role)
    join meta.role m on m.app_id = store_roles.app_id and m.name = r.role ->> 'name'
    cross join lateral jsonb_array_elements(coalesce(r.role -> 'grants', '[]')) with ordinality
        as g ("grant", position)
    left join meta.entity e on e.app_id = store_roles.app_id and e.name = g.grant ->> 'entity';

    insert into meta.field_grant (role_id, entity_id, field_id, access)
    select m.role_id, e.entity_id, f.field_id, a.access
    from jsonb_array_elements(coalesce(manifest -> 'roles', '[]')) as r (role)
    join meta.role m on m.app_id = store_roles.app_id and m.name = r.role ->> 'name'
    cross join lateral jsonb_array_elements(coalesce(r.role -> 'grants', '[]')) as g ("grant")
    join meta.entity e on e.app_id = store_roles.app_id and e.name = g.grant ->> 'entity'
    cross join lateral jsonb_each_text(coalesce(g.grant -> 'fields', '{}')) as a (field, access)
    left join meta.field f on f.entity_id = e.entity_id and f.name = a.field
$$;

comment on function meta.store_roles(uuid, jsonb, jsonb) is
'Keeps the roles and grants of a manifest';

create function meta.store(manifest jsonb, tenant_id uuid)
    returns uuid
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    draft_id uuid := meta.store_app(manifest, tenant_id);
    known jsonb;
begin
    manifest := meta.remapped(manifest, draft_id);
    known := meta.known_ids(draft_id, manifest);
    delete from meta.role r where r.app_id = draft_id;
    delete from meta.entity e where e.app_id = draft_id;
    delete from meta.choice_list l where l.app_id = draft_id;
    perform meta.store_choice_lists(draft_id, manifest);
    perform meta.store_entities(draft_id, manifest, known);
    perform meta.store_fields(draft_id, manifest, known);
    perform meta.store_targets(draft_id, manifest);
    perform meta.store_keys(draft_id, manifest, 'keys', true, known);
    perform meta.store_keys(draft_id, manifest, 'indexes', false, known);
    perform meta.store_rules(draft_id, manifest, known);
    perform meta.store_roles(draft_id, manifest, known);
    return draft_id;
end
$$;

comment on function meta.store(jsonb, uuid) is
'Replaces the draft of an app by a manifest, whole or not at all; the id of the app. Expressions '
'must carry their canonical SQL';

commit;
