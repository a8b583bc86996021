-- Deploy qryvanta:publish/part to pg
-- requires: meta/element compile/role_model
-- The elements of a manifest as they are compared: each with an identity that outlives a rename.

begin;

set local role qryvanta_owner;

create type publish.part as (
    kind text,
    ident text,
    parent text,
    path text,
    name text,
    subject text,
    object text,
    place bigint,
    given jsonb,
    effective jsonb
);

comment on type publish.part is
'An element of a manifest. ident: its stable id below that of its parent; subject, object: what '
'sentences call it; given: its own properties, references by identity; effective: as written, '
'with defaults';

create function publish.spoken(label text)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return case
    when label ~ '^[[:upper:]][[:upper:]]' then label
    else lower(left(label, 1)) || substr(label, 2)
end;

comment on function publish.spoken(text) is 'A label inside a sentence: Orders is orders';

create function publish.identified(given jsonb, idents jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return given || coalesce(
    (
        select jsonb_object_agg(
            r.key,
            case jsonb_typeof(r.value)
                when 'string' then coalesce(idents -> (r.value #>> '{}'), r.value)
                else (
                    select jsonb_agg(coalesce(idents -> n.name, to_jsonb(n.name)) order by n.place)
                    from jsonb_array_elements_text(r.value) with ordinality as n (name, place)
                )
            end
        )
        from jsonb_each(given) as r (key, value)
        where r.key in ('entity', 'entities', 'from', 'to', 'fields')
            and jsonb_typeof(r.value) in ('string', 'array')
    ),
    '{}'
);

comment on function publish.identified(jsonb, jsonb) is
'Properties of an element with the elements that it names replaced by their identities';

create function publish.elements(manifest jsonb, roles_by_name boolean)
    returns setof publish.part
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with resolved as materialized (
        select compile.resolved(elements.manifest) as model
        where elements.manifest is not null
    ),

    defaults as materialized (
        select e.path, e.given
        from resolved r
        cross join lateral meta.element(r.model) e
    )

    select
        e.kind,
        case
            when e.kind = 'role' and elements.roles_by_name then e.path
            else coalesce(case when jsonb_typeof(e.given) = 'object' then e.given ->> 'id' end, e.path)
        end,
        e.parent, e.path, e.name, coalesce(d.given ->> 'label', e.name),
        publish.spoken(d.given ->> 'plural'), e.place, e.given,
        case when jsonb_typeof(e.given) = 'object' then coalesce(d.given, '{}') || e.given end
    from resolved r
    cross join lateral meta.element(
        -- Without roles an app has the default ones: they are compared too.
        elements.manifest || case
            when jsonb_array_length(coalesce(elements.manifest -> 'roles', '[]')) > 0 then '{}'
            else jsonb_build_object('roles', r.model -> 'roles')
        end
    ) with ordinality as e (kind, path, parent, name, given, place)
    left join defaults d on d.path = regexp_replace(e.path, '^relations/', 'entities/')
$$;

comment on function publish.elements(jsonb, boolean) is
'The elements of a manifest with their identities, paths and parents as written; roles by name '
'where one of two manifests has only the default ones';

create function publish.entity_parts(elements publish.part [])
    returns setof publish.part
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with idents as materialized (
        select jsonb_object_agg(e.name, e.ident) as entity
        from unnest(elements) e
        where e.kind in ('entity', 'relation')
    )

    select
        e.kind, case e.kind when 'app' then 'app' else e.ident end,
        case when e.kind <> 'app' then 'app' end, e.path, e.name,
        format(
            '%s %s', initcap(replace(e.kind, '_', ' ')),
            case when e.kind in ('entity', 'relation') then e.subject else e.name end
        ),
        e.object, e.place,
        case
            when e.kind = 'choice_list' then '{}'
            else publish.identified(
                e.given - array['id', 'fields', 'keys', 'rules', 'indexes', 'grants'], i.entity
            )
        end,
        coalesce(e.effective, '{}')
    from unnest(elements) e
    cross join idents i
    where e.kind in ('app', 'entity', 'relation', 'role', 'choice_list')
    union all
    select
        e.kind, concat_ws(' ', o.ident, e.ident), o.ident, e.path, e.name,
        format('%s %s.%s', initcap(e.kind), o.subject, e.name), null, e.place,
        publish.identified(
            case jsonb_typeof(e.given -> 'choices') when 'array' then e.given - 'choices'
                else e.given end - 'id',
            i.entity
        ),
        e.effective
    from unnest(elements) e
    join unnest(elements) o on o.path = regexp_replace(e.parent, '/rules$', '')
    cross join idents i
    where e.kind in ('field', 'rule')
$$;

comment on function publish.entity_parts(publish.part []) is
'What has a name of its own: app, choice lists, entities, relations, roles, fields, rules';

create function publish.key_parts(elements publish.part [])
    returns setof publish.part
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with field as materialized (
        select f.parent, jsonb_object_agg(f.name, f.ident) as idents
        from unnest(elements) f
        where f.kind = 'field'
        group by f.parent
    )

    select
        case k.kind when 'keys' then 'key' else 'index' end, concat_ws(' ', o.ident, k.ident),
        o.ident, k.path, null,
        format(
            '%s of %s (%s)', case k.kind when 'keys' then 'Key' else 'Index' end, o.subject,
            (
                select string_agg(n.name, ', ' order by n.place)
                from jsonb_array_elements_text(k.given -> 'fields') with ordinality
                    as n (name, place)
            )
        ),
        null, k.place, publish.identified(k.given - 'id', f.idents), k.effective
    from unnest(elements) k
    join unnest(elements) o on o.path = k.parent
    left join field f on f.parent = k.parent
    where k.kind in ('keys', 'indexes')
$$;

comment on function publish.key_parts(publish.part []) is
'Keys and indexes: they follow a renamed field';

create function publish.choice_parts(elements publish.part [])
    returns setof publish.part
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with list as (
        select l.path, l.path as ident, l.name as subject, l.given
        from unnest(elements) l
        where l.kind = 'choice_list'
        union all
        select f.path || '/choices', concat_ws(' ', o.ident, f.ident),
        format('%s.%s', o.subject, f.name), f.given -> 'choices'
        from unnest(elements) f
        join unnest(elements) o on o.path = f.parent
        where f.kind = 'field' and jsonb_typeof(f.given -> 'choices') = 'array'
    )

    select
        'choice', concat_ws(' ', l.ident, v.value), l.ident, concat_ws('/', l.path, v.value), v.value,
        format('Choice "%s" of %s', v.value, l.subject), null, c.place,
        case jsonb_typeof(c.choice) when 'object' then c.choice - 'value' else '{}' end,
        jsonb_build_object('label', v.value, 'tone', 'gray')
        || case jsonb_typeof(c.choice) when 'object' then c.choice else '{}' end
    from list l
    cross join lateral jsonb_array_elements(l.given) with ordinality as c (choice, place)
    cross join lateral (select coalesce(c.choice ->> 'value', c.choice #>> '{}')) as v (value)
$$;

comment on function publish.choice_parts(publish.part []) is
'The values of choice lists: a value is what it is called';

create function publish.right_parts(elements publish.part [])
    returns setof publish.part
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with right_on as materialized (
        select
            concat_ws(' ', r.ident, o.ident) as ident, r.ident as role, o.ident as entity,
            o.path as entity_path, o.subject as entity_name, g.path, 'Role ' || r.name as subject,
            o.object, g.place, g.given, g.effective
        from unnest(elements) g
        join unnest(elements) r on r.kind = 'role' and r.path = g.parent
        join unnest(elements) o on o.kind in ('entity', 'relation') and o.name = g.name
        where g.kind = 'grant'
    )

    select
        'grant', g.ident, g.role, g.path, null, g.subject, g.object, g.place,
        g.given - array['entity', 'fields'], g.effective - array['entity', 'fields']
    from right_on g
    union all
    select
        'field_right', concat_ws(' ', g.ident, f.ident), g.ident, concat_ws('/', g.path, f.name), null,
        g.subject, format('%s.%s', g.entity_name, f.name), g.place,
        jsonb_build_object('access', a.access), jsonb_build_object('access', a.access)
    from right_on g
    cross join lateral jsonb_each(coalesce(g.given -> 'fields', '{}')) as a (field, access)
    join unnest(elements) f
        on f.kind = 'field' and f.parent = g.entity_path and f.name = a.field
$$;

comment on function publish.right_parts(publish.part []) is
'What roles may do, with records and with single fields';

create function publish.parts(manifest jsonb, roles_by_name boolean)
    returns setof publish.part
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with given as materialized (
        select array_agg(e) as elements
        from publish.elements(parts.manifest, parts.roles_by_name) e
    )

    select p.*
    from given g
    cross join lateral (
        select * from publish.entity_parts(g.elements)
        union all
        select * from publish.key_parts(g.elements)
        union all
        select * from publish.choice_parts(g.elements)
        union all
        select * from publish.right_parts(g.elements)
    ) p
    union all
    -- A section that is not taken apart is compared whole.
    select
        s.key, s.key, 'app', s.key, s.key, initcap(s.key), null, 0,
        jsonb_build_object(s.key, s.value), jsonb_build_object(s.key, s.value)
    from jsonb_each(parts.manifest) as s (key, value)
    where s.key not in ('qryvanta', 'app', 'choices', 'entities', 'relations', 'roles')
$$;

comment on function publish.parts(jsonb, boolean) is
'Everything in a manifest that a person would say was added, changed or removed';

commit;
