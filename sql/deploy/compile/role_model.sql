-- Deploy qryvanta:compile/role_model to pg
-- requires: compile/rollup_model
-- Roles and grants with their defaults, and the whole model.

begin;

set local role qryvanta_owner;

create function compile.sensitive_fields(entity jsonb, access text)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return coalesce(
    (
        select jsonb_object_agg(f.field ->> 'name', access)
        from jsonb_array_elements(entity -> 'fields') as f (field)
        where (f.field ->> 'sensitive')::boolean
    ),
    '{}'
);

comment on function compile.sensitive_fields(jsonb, text) is
'The sensitive fields of an entity, each with the same access';

create function compile.resolved_grant(given jsonb, entity jsonb)
    returns jsonb
    immutable
    language sql
return jsonb_build_object(
    'entity', entity ->> 'name',
    'read', coalesce(given ->> 'read', 'none'),
    'create', coalesce((given ->> 'create')::boolean, false),
    'update', coalesce(given ->> 'update', 'none'),
    'delete', coalesce(given ->> 'delete', 'none'),
    -- A sensitive field is seen only by a role that names it.
    'fields', compile.sensitive_fields(entity, 'none') || coalesce(given -> 'fields', '{}')
);

comment on function compile.resolved_grant(jsonb, jsonb) is 'A grant with every key present';

create function compile.relation_grant(role jsonb, relation jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    -- Without a grant of its own a link is seen by who reads both ends, and set by who updates the
    -- first.
    select compile.resolved_grant(
        jsonb_build_object(
            'read', case when bool_and(coalesce(g.grant ->> 'read', 'none') <> 'none')
                then 'tenant' end,
            'create', bool_or(e.first and coalesce(g.grant ->> 'update', 'none') <> 'none'),
            'update', case
                when bool_or(e.first and coalesce(g.grant ->> 'update', 'none') <> 'none')
                    then 'tenant'
            end,
            'delete', case
                when bool_or(e.first and coalesce(g.grant ->> 'update', 'none') <> 'none')
                    then 'tenant'
            end
        ),
        relation
    )
    from (
        values
        (true, relation -> 'fields' -> 0 ->> 'entity'),
        (false, relation -> 'fields' -> 1 ->> 'entity')
    ) as e (first, name)
    left join jsonb_array_elements(coalesce(role -> 'grants', '[]')) as g ("grant")
        on g.grant ->> 'entity' = e.name
);

comment on function compile.relation_grant(jsonb, jsonb) is
'What a role may do with the links of a relation for which it names no grant';

create function compile.resolved_role(given jsonb, entities jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return '{"id": null, "description": null}'::jsonb
|| given
|| jsonb_build_object(
    'label', coalesce(given ->> 'label', compile.label(given ->> 'name')),
    'grants', coalesce((
        select jsonb_agg(
            case
                when g.grant is null and (e.entity ->> 'relation')::boolean
                    then compile.relation_grant(given, e.entity)
                else compile.resolved_grant(g.grant, e.entity)
            end
            order by e.position
        )
        from jsonb_array_elements(entities) with ordinality as e (entity, position)
        left join jsonb_array_elements(coalesce(given -> 'grants', '[]')) as g ("grant")
            on g.grant ->> 'entity' = e.entity ->> 'name'
        where g.grant is not null or (e.entity ->> 'relation')::boolean
    ), '[]')
);

comment on function compile.resolved_role(jsonb, jsonb) is 'A role with every grant spelled out';

create function compile.uniform_role(name text, rights jsonb, sees_sensitive boolean,
    entities jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return jsonb_build_object(
    'id', null, 'name', name, 'label', compile.label(name), 'description', null,
    'grants', coalesce((
        select jsonb_agg(
            compile.resolved_grant(
                rights || jsonb_build_object(
                    'fields',
                    case when sees_sensitive then compile.sensitive_fields(e.entity, 'write')
                        else '{}' end
                ),
                e.entity
            )
            order by e.position
        )
        from jsonb_array_elements(entities) with ordinality as e (entity, position)
    ), '[]')
);

comment on function compile.uniform_role(text, jsonb, boolean, jsonb) is
'A role that has the same rights on every entity';

create function compile.resolved_roles(manifest jsonb, entities jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return case
    when jsonb_array_length(coalesce(manifest -> 'roles', '[]')) > 0 then (
        select jsonb_agg(compile.resolved_role(r.role, entities) order by r.position)
        from jsonb_array_elements(manifest -> 'roles') with ordinality as r (role, position)
    )
    else jsonb_build_array(
        compile.uniform_role(
            'admin', '{"read": "tenant", "create": true, "update": "tenant", "delete": "tenant"}',
            true, entities
        ),
        compile.uniform_role(
            'user', '{"read": "tenant", "create": true, "update": "tenant", "delete": "tenant"}',
            false, entities
        ),
        compile.uniform_role('viewer', '{"read": "tenant"}', false, entities)
    )
end;

comment on function compile.resolved_roles(jsonb, jsonb) is
'The roles of an app; without any it has admin, user and viewer';

create function compile.resolved(manifest jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    -- Materialized: both parts below read the entities, and to resolve them is most of the work.
    with e as materialized (
        select coalesce(compile.with_rollups(compile.resolved_entities(manifest)), '[]') as entities
    )
    select jsonb_build_object(
        'app',
        '{"id": null, "description": null, "icon": null, "language": "english"}'::jsonb
        || (manifest -> 'app')
        || jsonb_build_object(
            'label',
            coalesce(manifest -> 'app' ->> 'label', compile.label(manifest -> 'app' ->> 'name'))
        ),
        'entities', e.entities,
        'roles', compile.resolved_roles(manifest, e.entities)
    )
    from e
);

comment on function compile.resolved(jsonb) is 'A manifest with every default resolved';

commit;
