-- Deploy qryvanta:compile/model to pg
-- requires: compile/order_column compile/searched
-- The model: a manifest with every default resolved and every relation spelled out as the table it
-- becomes. All else (the plan, the server, the screens) reads the model, so a default is decided
-- here and nowhere else.

begin;

set local role qryvanta_owner;

create function compile.resolved_choices(given jsonb, lists jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return coalesce((
    select jsonb_agg(
        jsonb_build_object(
            'value', coalesce(c.choice ->> 'value', c.choice #>> '{}'),
            'label', coalesce(c.choice ->> 'label', c.choice ->> 'value', c.choice #>> '{}'),
            'tone', coalesce(c.choice ->> 'tone', 'gray'),
            'when', c.choice -> 'when'
        )
        order by c.position
    )
    from jsonb_array_elements(
        case jsonb_typeof(given) when 'array' then given when 'string'
            then lists -> (given #>> '{}') end
    ) with ordinality as c (choice, position)
), '[]');

comment on function compile.resolved_choices(jsonb, jsonb) is
'The choices of a field, in place or by the name of a list, with label and tone; none is []';

create function compile.column_entry(name text, part text, entity text, sql_type text)
    returns jsonb
    immutable
    language sql
return jsonb_build_object(
    'name', compile.derived_name(column_entry.name), 'part', column_entry.part, 'entity',
    column_entry.entity, 'sql_type', column_entry.sql_type
);

comment on function compile.column_entry(text, text, text, text) is 'One column of a field';

create function compile.target_columns(given jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select jsonb_agg(
        compile.column_entry(
            format('%s_%s_id', given ->> 'name', t.name), t.name, t.name, 'uuid'
        )
        order by t.place
    )
    from jsonb_array_elements_text(given -> 'entities') with ordinality as t (name, place)
);

comment on function compile.target_columns(jsonb) is
'The columns of a lookup to one of several entities, one each';

-- The functions of each field have no search path of their own: PostgreSQL puts their expressions,
-- which were read when they were created, into the query that calls them.
create function compile.field_columns(given jsonb)
    returns jsonb
    immutable
    language sql
return case
    when given ? 'entities' then compile.target_columns(given)
    when given ->> 'type' = 'geopoint' then jsonb_build_array(
        compile.column_entry(
            (given ->> 'name') || '_latitude', 'latitude', null, 'double precision'
        ),
        compile.column_entry(
            (given ->> 'name') || '_longitude', 'longitude', null, 'double precision'
        )
    )
    else jsonb_build_array(compile.column_entry(
        (given ->> 'name')
        || case when given ->> 'type' in ('lookup', 'user', 'file', 'image') then '_id' else '' end,
        null, given ->> 'entity',
        compile.sql_type(
            given ->> 'type', (given ->> 'precision')::integer, (given ->> 'scale')::integer
        )
    ))
end;

comment on function compile.field_columns(jsonb) is
'The columns of a field: one, but for a lookup among several entities (one each) and a geopoint '
'(latitude and longitude); part tells them apart, entity is the one pointed at';

create function compile.file_limits(given jsonb, accept jsonb)
    returns jsonb
    immutable
    language sql
return jsonb_build_object(
    'max_size', pg_size_bytes(coalesce(given ->> 'max_size', '100MB')),
    'accept', coalesce(given -> 'accept', file_limits.accept)
);

comment on function compile.file_limits(jsonb, jsonb) is
'The greatest size of a file in bytes and the media types that it may have; null for any';

create function compile.resolved_field(given jsonb, lists jsonb, columns jsonb)
    returns jsonb
    immutable
    language sql
return '{
    "description": null, "help": null, "required": false, "unique": false, "readonly": false,
    "searchable": false, "indexed": false, "sensitive": false, "default": null, "default_sql": null,
    "formula": null, "formula_sql": null, "required_when": null, "required_when_sql": null,
    "length": null, "pattern": null, "format": null,
    "multiline": false, "min": null, "max": null, "precision": null, "scale": null,
    "currency": null, "transitions": null, "initial": null, "max_size": null, "accept": null,
    "entity": null, "entities": null, "on_delete": null, "schema": null, "id": null,
    "rollup": null, "derived": false
}'::jsonb
|| given
|| jsonb_build_object(
    'label', coalesce(given ->> 'label', compile.label(given ->> 'name')),
    'columns', resolved_field.columns,
    -- Of a field with several columns there is no such thing as its column.
    'column',
    case when not given ? 'entities' and given ->> 'type' <> 'geopoint'
        then resolved_field.columns -> 0 -> 'name' end,
    'sql_type', compile.sql_type(
        given ->> 'type', (given ->> 'precision')::integer, (given ->> 'scale')::integer
    ),
    'choices',
    case when given ? 'choices' then compile.resolved_choices(given -> 'choices', lists)
        else '[]' end
)
|| case given ->> 'type'
    when 'decimal' then jsonb_build_object(
        'precision', coalesce((given ->> 'precision')::integer, 18),
        'scale', coalesce((given ->> 'scale')::integer, 2)
    )
    when 'lookup' then jsonb_build_object('on_delete', coalesce(given ->> 'on_delete', 'restrict'))
    when 'autonumber' then jsonb_build_object('format', coalesce(given ->> 'format', '{00000}'))
    when 'file' then compile.file_limits(given, null)
    when 'image' then compile.file_limits(given, '["image/*"]')
    else '{}'
end;

comment on function compile.resolved_field(jsonb, jsonb, jsonb) is
'A field with every key present; columns: compile.field_columns() of it';

create function compile.relation_ends(relation jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select jsonb_agg(
        jsonb_build_object(
            -- The ends have no id of their own: theirs follows from the relation's.
            'id', md5((relation ->> 'id') || e.side)::uuid,
            'name', case when relation ->> 'from' = relation ->> 'to' then e.side || '_' else '' end
            || (relation ->> e.side),
            'type', 'lookup', 'entity', relation ->> e.side, 'required', true, 'on_delete',
            'cascade'
        )
        order by e.place
    )
    from (values (1, 'from'), (2, 'to')) as e (place, side)
);

comment on function compile.relation_ends(jsonb) is 'The two lookups of a many-to-many relation';

create function compile.relation_entity(relation jsonb)
    returns jsonb
    immutable
    language sql
return relation - '{from,to,kind}'::text[] || jsonb_build_object(
    'relation', true,
    'fields', compile.relation_ends(relation) || coalesce(relation -> 'fields', '[]'),
    'keys', jsonb_build_array(jsonb_build_object(
        'fields', jsonb_path_query_array(compile.relation_ends(relation), '$[*].name')
    ))
);

comment on function compile.relation_entity(jsonb) is
'A many-to-many relation as the entity it becomes';

create function compile.resolved_entity(given jsonb, lists jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return '{
    "id": null, "description": null, "icon": null, "title": null, "title_sql": "id::text",
    "hierarchy": null,
    "ownership": "tenant", "audit": true, "recycle": false, "relation": false, "keys": [],
    "indexes": []
}'::jsonb
|| given
|| jsonb_build_object(
    'label', coalesce(given ->> 'label', compile.label(given ->> 'name')),
    'plural', coalesce(
        given ->> 'plural',
        compile.plural(coalesce(given ->> 'label', compile.label(given ->> 'name')))
    ),
    'fields', (
        select jsonb_agg(
            r.field
            || jsonb_build_object('order_column', compile.order_column(r.field, given))
            order by f.position
        )
        from jsonb_array_elements(given -> 'fields') with ordinality as f (field, position)
        cross join lateral compile.resolved_field(
            f.field, lists, compile.field_columns(f.field)
        ) as r (field)
    ),
    'rules', coalesce((
        select jsonb_agg(
            r.rule || jsonb_build_object(
                'label', coalesce(r.rule ->> 'label', compile.label(r.rule ->> 'name')),
                'severity', coalesce(r.rule ->> 'severity', 'error'),
                'message', coalesce(
                    r.rule ->> 'message',
                    case
                        when r.rule ? 'no_overlap'
                            then coalesce(given ->> 'label', compile.label(given ->> 'name'))
                                || ' overlaps another one'
                        else compile.label(r.rule ->> 'name') || ' is not fulfilled'
                    end
                )
            )
            || case when r.rule ? 'no_overlap' then jsonb_build_object(
                'no_overlap', '{"key": [], "bounds": "[)"}'::jsonb || (r.rule -> 'no_overlap')
            ) else '{}' end
            order by r.position
        )
        from jsonb_array_elements(coalesce(given -> 'rules', '[]')) with ordinality
            as r (rule, position)
    ), '[]')
);

comment on function compile.resolved_entity(jsonb, jsonb) is 'An entity with every key present';

create function compile.resolved_entities(manifest jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select jsonb_agg(
        compile.searched(
            compile.resolved_entity(e.entity, coalesce(manifest -> 'choices', '{}'))
        )
        order by e.part, e.position
    )
    from (
        select 1 as part, given.position, given.entity
        from jsonb_array_elements(manifest -> 'entities') with ordinality
            as given (entity, position)
        union all
        select 2, given.position, compile.relation_entity(given.relation)
        from jsonb_array_elements(coalesce(manifest -> 'relations', '[]')) with ordinality
            as given (relation, position)
    ) e
);

comment on function compile.resolved_entities(jsonb) is
'All tables of an app: its entities, then its relations';

commit;
