-- Deploy qryvanta:meta/manifest to pg
-- requires: meta/store
-- The draft as a manifest again: what was left out stays out, so that export and apply are inverse.

begin;

set local role qryvanta_owner;

create function meta.choices(choice_list_id uuid)
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select jsonb_agg(
        case
            when c.label is null and c.tone is null and c.applies_when is null
                then to_jsonb(c.value)
            else jsonb_strip_nulls(jsonb_build_object(
                'value', c.value, 'label', c.label, 'tone', c.tone, 'when', c.applies_when
            ))
        end
        order by c.position
    )
    from meta.choice c
    where c.choice_list_id = choices.choice_list_id
);

comment on function meta.choices(uuid) is 'The values of a choice list as in a manifest';

-- Without SET, and stable as to_jsonb(anyelement) is, so that both are inlined: they stand in every
-- field.
create function meta.bound(bound text, type text)
    returns jsonb
    stable
    language sql
return case
    when bound.type in ('integer', 'bigint', 'decimal', 'money', 'float', 'percent')
        then to_jsonb(bound.bound::numeric)
    else to_jsonb(bound.bound)
end;

comment on function meta.bound(text, text) is
'A least or greatest value as in a manifest: a number for numbers, else text';

create function meta.file_size(given text)
    returns jsonb
    stable
    language sql
return case when file_size.given ~ '^[0-9]+$' then to_jsonb(file_size.given::bigint)
    else to_jsonb(file_size.given) end;

comment on function meta.file_size(text) is
'A greatest size as in a manifest: a number for bytes, else text such as 5MB';

create function meta.fields(app_id uuid)
    returns table (entity_id uuid, fields jsonb)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        f.entity_id,
        jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'id', f.field_id, 'name', f.name, 'type', f.type, 'label', f.label,
                'description', f.description, 'help', f.help,
                'required', nullif(f.required, false), 'unique', nullif(f.is_unique, false),
                'readonly', nullif(f.readonly, false), 'searchable', nullif(f.searchable, false),
                'indexed', nullif(f.indexed, false), 'sensitive', nullif(f.sensitive, false),
                'length', f.length, 'multiline', f.multiline, 'currency', f.currency
            ))
            -- Most fields of a large app say none of these: not looked at one by one.
            || case
                when num_nonnulls(
                    f.default_expression, f.formula, f.required_when, f.pattern, f.format,
                    f.max_size, f.accept, f.minimum, f.maximum, f.numeric_precision,
                    f.numeric_scale, f.choice_list_id, f.transitions, f.initial,
                    f.target_entity_id, t.entities, f.on_delete, f.rollup_of
                ) = 0 then '{}'
                else jsonb_strip_nulls(jsonb_build_object(
                    'default', f.default_expression, 'default_sql', f.default_sql,
                    'formula', f.formula, 'formula_sql', f.formula_sql,
                    'required_when', f.required_when, 'required_when_sql', f.required_when_sql,
                    'pattern', f.pattern, 'format', f.format,
                    'max_size', meta.file_size(f.max_size), 'accept', f.accept,
                    'min', meta.bound(f.minimum, f.type), 'max', meta.bound(f.maximum, f.type),
                    'precision', f.numeric_precision, 'scale', f.numeric_scale,
                    'choices', case
                        when f.choice_list_id is not null
                            then coalesce(to_jsonb(l.name::text), meta.choices(f.choice_list_id))
                    end,
                    'transitions', f.transitions, 'initial', f.initial,
                    'entity', target.name, 'entities', t.entities, 'on_delete', f.on_delete,
                    'of', f.rollup_of, 'function', f.rollup_function, 'field', f.rollup_field,
                    'where', f.rollup_where, 'where_sql', f.rollup_where_sql
                ))
            end
            || case when f.json_schema is null then '{}'
                else jsonb_build_object('schema', f.json_schema) end
            order by f.position
        )
    from meta.field f
    left join meta.choice_list l using (choice_list_id)
    left join meta.entity target on target.entity_id = f.target_entity_id
    left join meta.targets(fields.app_id) t using (field_id)
    where f.app_id = fields.app_id
    group by f.entity_id
$$;

comment on function meta.fields(uuid) is
'The fields of each entity of an app as in a manifest: for all at once, an app may have thousands';

create function meta.keys(app_id uuid, is_unique boolean)
    returns table (entity_id uuid, keys jsonb)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        k.entity_id,
        jsonb_agg(jsonb_build_object('id', k.key_id, 'fields', k.fields) order by k.position)
    from (
        select k.entity_id, k.key_id, k.position, jsonb_agg(f.name order by n.position) as fields
        from meta.entity e
        join meta.key k using (entity_id)
        join meta.key_field n using (key_id)
        join meta.field f on f.field_id = n.field_id
        where e.app_id = keys.app_id and k.is_unique = keys.is_unique
        group by k.entity_id, k.key_id, k.position
    ) k
    group by k.entity_id
$$;

comment on function meta.keys(uuid, boolean) is
'The alternate keys or indexes of each entity of an app as in a manifest';

create function meta.rules(app_id uuid)
    returns table (entity_id uuid, rules jsonb)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        r.entity_id,
        jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'id', r.rule_id, 'name', r.name, 'label', r.label, 'check', r.check_expression,
                'check_sql', r.check_sql, 'no_overlap', r.no_overlap, 'severity', r.severity,
                'message', r.message
            ))
            order by r.position
        )
    from meta.rule r
    join meta.entity e using (entity_id)
    where e.app_id = rules.app_id
    group by r.entity_id
$$;

comment on function meta.rules(uuid) is 'The rules of each entity of an app as in a manifest';

create function meta.roles(app_id uuid)
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
            'id', r.role_id, 'name', r.name, 'label', r.label, 'description', r.description,
            'grants',
            (
                select jsonb_agg(
                    jsonb_build_object(
                        'entity', e.name, 'read', g.read_scope, 'create', g.may_create,
                        'update', g.update_scope, 'delete', g.delete_scope,
                        'fields',
                        (
                            select jsonb_object_agg(f.name, a.access)
                            from meta.field_grant a
                            join meta.field f using (entity_id, field_id)
                            where a.role_id = g.role_id and a.entity_id = g.entity_id
                        )
                    )
                    order by g.position
                )
                from meta.role_grant g
                join meta.entity e using (entity_id)
                where g.role_id = r.role_id
            )
        ))
        order by r.position
    )
    from meta.role r
    where r.app_id = roles.app_id
);

comment on function meta.roles(uuid) is 'The roles and grants of an app as in a manifest';

create function meta.entities(app_id uuid)
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
            'id', e.entity_id, 'name', e.name, 'label', e.label, 'plural', e.plural,
            'description', e.description, 'icon', e.icon, 'title', e.title, 'title_sql',
            e.title_sql, 'hierarchy', e.hierarchy,
            'ownership', e.ownership, 'audit', e.audit, 'recycle', e.recycle,
            'keys', k.keys, 'rules', r.rules, 'indexes', i.keys
        ))
        -- A JSON schema may hold nulls of its own: not stripped.
        || jsonb_build_object('fields', f.fields)
        order by e.position
    )
    from meta.entity e
    left join meta.fields(entities.app_id) f using (entity_id)
    left join meta.keys(entities.app_id, true) k using (entity_id)
    left join meta.keys(entities.app_id, false) i using (entity_id)
    left join meta.rules(entities.app_id) r using (entity_id)
    where e.app_id = entities.app_id and e.from_entity_id is null
);

comment on function meta.entities(uuid) is 'The entities of an app as in a manifest';

create function meta.relations(app_id uuid)
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
            'id', e.entity_id, 'name', e.name, 'kind', 'many_to_many', 'from', f.name, 'to', t.name,
            'label', e.label, 'plural', e.plural, 'description', e.description, 'icon', e.icon,
            'audit', e.audit, 'fields', i.fields, 'rules', r.rules
        ))
        order by e.position
    )
    from meta.entity e
    join meta.entity f on f.entity_id = e.from_entity_id
    join meta.entity t on t.entity_id = e.to_entity_id
    left join meta.fields(relations.app_id) i on i.entity_id = e.entity_id
    left join meta.rules(relations.app_id) r on r.entity_id = e.entity_id
    where e.app_id = relations.app_id
);

comment on function meta.relations(uuid) is 'The many-to-many relations of an app as in a manifest';

create function meta.manifest(app_id uuid)
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select jsonb_build_object('qryvanta', 1)
        || jsonb_strip_nulls(jsonb_build_object(
            'app',
            jsonb_build_object(
                'id', a.app_id, 'name', a.name, 'label', a.label, 'description', a.description,
                'icon', a.icon, 'language', a.language
            ),
            'choices',
            (
                select jsonb_object_agg(l.name, meta.choices(l.choice_list_id))
                from meta.choice_list l
                where l.app_id = a.app_id and l.name is not null
            ),
            'relations', meta.relations(a.app_id),
            'roles', meta.roles(a.app_id)
        ))
        || jsonb_build_object('entities', meta.entities(a.app_id))
    from meta.app a
    where a.app_id = manifest.app_id
);

comment on function meta.manifest(uuid) is
'The draft of an app as a manifest, with ids and the canonical SQL of its expressions; null for '
'an unknown app';

commit;
