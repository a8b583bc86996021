-- Deploy qryvanta:meta/store to pg
-- requires: meta/role meta/rule
-- A manifest becomes the draft. An element keeps its id: the one it carries, else that of the
-- element of its name in the draft before; so a rename is a rename, not a drop and an add.

begin;

set local role qryvanta_owner;

create function meta.known_ids(app_id uuid)
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
    ) known
);

comment on function meta.known_ids(uuid) is
'The ids of a draft by the path of names of each element';

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

create function meta.store_choices(choice_list_id uuid, given jsonb)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- The short form of a choice is its value alone.
    insert into meta.choice (choice_list_id, position, value, label, tone, applies_when)
    select
        store_choices.choice_list_id, c.position, coalesce(c.choice ->> 'value', c.choice #>> '{}'),
        c.choice ->> 'label', c.choice ->> 'tone', c.choice -> 'when'
    from jsonb_array_elements(given) with ordinality as c (choice, position)
$$;

comment on function meta.store_choices(uuid, jsonb) is 'Keeps the values of a choice list';

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
        perform meta.store_choices(list.choice_list_id, list.choices);
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
        ownership, audit, recycle
    )
    select
        coalesce((e.entity ->> 'id')::uuid, (known ->> ('entity ' || (e.entity ->> 'name')))::uuid,
            tenancy.new_id()),
        store_entities.app_id, e.position, e.entity ->> 'name', e.entity ->> 'label',
        e.entity ->> 'plural', e.entity ->> 'description', e.entity ->> 'icon',
        e.entity ->> 'title',
        e.entity ->> 'title_sql', e.entity ->> 'ownership', (e.entity ->> 'audit')::boolean,
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

create function meta.store_fields(app_id uuid, entity_id uuid, given jsonb, known jsonb)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    entity_name text := (select e.name from meta.entity e where e.entity_id = store_fields.entity_id);
    item record;
    list_id uuid;
    element_id uuid;
begin
    for item in
        select f.field, f.position
        from jsonb_array_elements(given -> 'fields') with ordinality as f (field, position)
    loop
        element_id := coalesce(
            (item.field ->> 'id')::uuid,
            (known ->> format('field %s.%s', entity_name, item.field ->> 'name'))::uuid,
            tenancy.new_id()
        );
        list_id := null;
        if jsonb_typeof(item.field -> 'choices') = 'array' then
            list_id := tenancy.new_id();
            insert into meta.choice_list (choice_list_id, app_id, position)
            values (list_id, store_fields.app_id, item.position);
            perform meta.store_choices(list_id, item.field -> 'choices');
        elsif item.field ? 'choices' then
            list_id := (
                select l.choice_list_id
                from meta.choice_list l
                where l.app_id = store_fields.app_id and l.name = item.field ->> 'choices'
            );
        end if;
        perform meta.store_field(
            store_fields.app_id, store_fields.entity_id, element_id, item.position, item.field,
            list_id
        );
    end loop;
end
$$;

comment on function meta.store_fields(uuid, uuid, jsonb, jsonb) is 'Keeps the fields of an entity';

create function meta.store_field(
    app_id uuid, entity_id uuid, field_id uuid, place bigint, given jsonb, choice_list_id uuid
)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    insert into meta.field (
        field_id, app_id, entity_id, position, name, type, label, description, help, required,
        is_unique, readonly, searchable, indexed, sensitive, default_expression, default_sql,
        formula,
        formula_sql, length, pattern, format, multiline, minimum, maximum, numeric_precision,
        numeric_scale, currency, choice_list_id, target_entity_id, on_delete, json_schema
    )
    select
        store_field.field_id, store_field.app_id, store_field.entity_id, store_field.place,
        given ->> 'name', given ->> 'type', given ->> 'label', given ->> 'description',
        given ->> 'help', coalesce((given ->> 'required')::boolean, false),
        coalesce((given ->> 'unique')::boolean, false),
        coalesce((given ->> 'readonly')::boolean, false),
        coalesce((given ->> 'searchable')::boolean, false),
        coalesce((given ->> 'indexed')::boolean, false),
        coalesce((given ->> 'sensitive')::boolean, false), given ->> 'default',
        given ->> 'default_sql', given ->> 'formula', given ->> 'formula_sql',
        (given ->> 'length')::integer, given ->> 'pattern', given ->> 'format',
        (given ->> 'multiline')::boolean, given ->> 'min', given ->> 'max',
        (given ->> 'precision')::integer, (given ->> 'scale')::integer, given ->> 'currency',
        store_field.choice_list_id,
        (
            select e.entity_id
            from meta.entity e
            where e.app_id = store_field.app_id and e.name = given ->> 'entity'
        ),
        given ->> 'on_delete', given -> 'schema'
$$;

comment on function meta.store_field(uuid, uuid, uuid, bigint, jsonb, uuid) is 'Keeps one field';

create function meta.store_keys(entity_id uuid, given jsonb, is_unique boolean)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    item record;
    element_id uuid;
begin
    for item in
        select k.key, k.position
        from jsonb_array_elements(coalesce(given, '[]')) with ordinality as k (key, position)
    loop
        insert into meta.key (key_id, entity_id, position, is_unique)
        values (
            coalesce((item.key ->> 'id')::uuid, tenancy.new_id()), store_keys.entity_id,
            item.position, store_keys.is_unique
        )
        returning key_id into element_id;
        insert into meta.key_field (key_id, entity_id, position, field_id)
        select element_id, store_keys.entity_id, n.position, f.field_id
        from jsonb_array_elements_text(item.key -> 'fields') with ordinality as n (name, position)
        left join meta.field f on f.entity_id = store_keys.entity_id and f.name = n.name;
    end loop;
end
$$;

comment on function meta.store_keys(uuid, jsonb, boolean) is
'Keeps the alternate keys (unique) or the indexes of an entity';

create function meta.store_rules(entity_id uuid, given jsonb, known jsonb)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    insert into meta.rule (
        rule_id, entity_id, position, name, label, check_expression, check_sql, message
    )
    select
        coalesce(
            (r.rule ->> 'id')::uuid,
            (known ->> format('rule %s.%s', e.name, r.rule ->> 'name'))::uuid,
            tenancy.new_id()
        ),
        e.entity_id, r.position, r.rule ->> 'name', r.rule ->> 'label', r.rule ->> 'check',
        r.rule ->> 'check_sql', r.rule ->> 'message'
    from meta.entity e
    cross join lateral jsonb_array_elements(coalesce(given, '[]')) with ordinality
        as r (rule, position)
    where e.entity_id = store_rules.entity_id
$$;

comment on function meta.store_rules(uuid, jsonb, jsonb) is 'Keeps the rules of an entity';

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
as $$
declare
    draft_id uuid := meta.store_app(manifest, tenant_id);
    known jsonb := meta.known_ids(draft_id);
    given record;
begin
    delete from meta.role r where r.app_id = draft_id;
    delete from meta.entity e where e.app_id = draft_id;
    delete from meta.choice_list l where l.app_id = draft_id;
    perform meta.store_choice_lists(draft_id, manifest);
    perform meta.store_entities(draft_id, manifest, known);
    for given in
        select e.entity_id, g.entity
        from jsonb_array_elements(
            (manifest -> 'entities') || coalesce(manifest -> 'relations', '[]')
        ) as g (entity)
        join meta.entity e on e.app_id = draft_id and e.name = g.entity ->> 'name'
    loop
        perform meta.store_fields(draft_id, given.entity_id, given.entity, known);
        perform meta.store_keys(given.entity_id, given.entity -> 'keys', true);
        perform meta.store_keys(given.entity_id, given.entity -> 'indexes', false);
        perform meta.store_rules(given.entity_id, given.entity -> 'rules', known);
    end loop;
    perform meta.store_roles(draft_id, manifest, known);
    return draft_id;
end
$$;

comment on function meta.store(jsonb, uuid) is
'Replaces the draft of an app by a manifest, whole or not at all; the id of the app. Expressions '
'must carry their canonical SQL';

commit;
