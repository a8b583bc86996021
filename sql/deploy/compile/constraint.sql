-- Deploy qryvanta:compile/constraint to pg
-- requires: compile/rule compile/type_check compile/file compile/hierarchy
-- Keys, field rules and entity rules as named constraints. The comment is the sentence that a
-- person reads when the constraint refuses.

begin;

set local role qryvanta_owner;

create function compile.bound(bound jsonb, sql_type text)
    returns text
    immutable
    language sql
return case
    when bound.sql_type ~ '^(integer|bigint|numeric|double)'
        then ((bound.bound #>> '{}')::numeric)::text
    else format('%L::%s', bound.bound #>> '{}', bound.sql_type)  -- a type of our own closed list
end;

comment on function compile.bound(jsonb, text) is 'A least or greatest value as an SQL literal';

create function compile.dependent_choice(field jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select format(
        'case %I %s else true end',
        field ->> 'column',
        string_agg(format('when %L then %s', c.choice ->> 'value', w.condition), ' '
            order by c.position)
    )
    from jsonb_array_elements(field -> 'choices') with ordinality as c (choice, position)
    cross join lateral (
        select string_agg(
            format(
                'coalesce(%I in (%s), false)', o.field_name,
                (
                    select string_agg(quote_literal(v.value), ', ' order by v.position)
                    from jsonb_array_elements_text(o.allowed) with ordinality as v (value, position)
                )
            ),
            ' and '
            order by o.field_name
        ) as condition
        from jsonb_each(
            case jsonb_typeof(c.choice -> 'when') when 'object' then c.choice -> 'when'
                else '{}' end
        ) as o (field_name, allowed)
    ) w
    where w.condition is not null
    having count(*) > 0
);

comment on function compile.dependent_choice(jsonb) is
'The condition under which each value of a choice may stand; null when none depends on another '
'field';

create function compile.choice_list(field jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select string_agg(quote_literal(c.choice ->> 'value'), ', ' order by c.position)
    from jsonb_array_elements(field -> 'choices') with ordinality as c (choice, position)
);

comment on function compile.choice_list(jsonb) is 'The values of a choice field as SQL literals';

create function compile.filled(field jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select case
        -- As for a required one: blank is nothing.
        when field ->> 'type' = 'text' then format('coalesce(%s ~ %L, false)', c.names, '\S')
        when field ->> 'type' = 'lookup' then format('num_nonnulls(%s) > 0', c.names)
        else format('num_nulls(%s) = 0', c.names)
    end
    from (
        select string_agg(format('%I', n.given ->> 'name'), ', ' order by n.place) as names
        from jsonb_array_elements(field -> 'columns') with ordinality as n (given, place)
    ) c
);

comment on function compile.filled(jsonb) is 'The condition that a field has a value';

create function compile.field_check(field jsonb)
    returns table (kind text, definition text, message text)
    immutable
    language sql
begin atomic
    with f as (
        select
            coalesce(field ->> 'column', field ->> 'name') as c, field ->> 'type' as type,
            field ->> 'label' as label, field ->> 'sql_type' as sql_type
    )
    select v.kind, v.definition, v.message
    from f
    -- A condition is written only where it is wanted: most fields have none of these.
    cross join lateral (values
        (
            'required',
            case when f.type = 'text' and (field ->> 'required')::boolean
                then format('%I ~ %L', f.c, '\S') end,
            format('%s is required', f.label)
        ),
        (
            'required_when',
            case when field ->> 'required_when_sql' is not null then format(
                '(%s) is not true or %s', field ->> 'required_when_sql', compile.filled(field)
            ) end,
            format('%s is required', f.label)
        ),
        (
            'length',
            case when field ->> 'length' is not null
                then format('char_length(%I) <= %s', f.c, (field ->> 'length')::integer) end,
            format('%s may have at most %s characters', f.label, field ->> 'length')
        ),
        (
            'pattern',
            case when field ->> 'pattern' is not null
                then format('%I ~ %L', f.c, field ->> 'pattern') end,
            format('%s does not have the expected form', f.label)
        ),
        (
            'format',
            case when f.type = 'text' and field ->> 'format' = 'email'
                then format('%I ~ %L', f.c, '^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$') end,
            format('%s must be an e-mail address', f.label)
        ),
        (
            'format',
            case when f.type = 'text' and field ->> 'format' = 'url'
                then format('%I ~* %L', f.c, '^https?://[^\s/?#]+([/?#]\S*)?$') end,
            format('%s must be a web address that begins with http:// or https://', f.label)
        ),
        (
            'format',
            case when f.type = 'text' and field ->> 'format' = 'phone'
                then format('%I ~ %L', f.c, '^[0-9 +().x/-]{3,30}$') end,
            format('%s must be a phone number', f.label)
        ),
        (
            'min',
            case when field ->> 'min' is not null
                then format('%I >= %s', f.c, compile.bound(field -> 'min', f.sql_type)) end,
            format('%s must be at least %s', f.label, field ->> 'min')
        ),
        (
            'max',
            case when field ->> 'max' is not null
                then format('%I <= %s', f.c, compile.bound(field -> 'max', f.sql_type)) end,
            format('%s must be at most %s', f.label, field ->> 'max')
        ),
        (
            'choice',
            case f.type
                when 'choice' then format('%I in (%s)', f.c, compile.choice_list(field))
                when 'multichoice' then format(
                    '%1$I <@ array[%2$s]::text[] and array_position(%1$I, null) is null', f.c,
                    compile.choice_list(field)
                )
            end,
            format(
                case f.type when 'choice' then '%s must be one of the choices'
                    else '%s must hold only the choices' end,
                f.label
            )
        ),
        (
            'when', case when f.type = 'choice' then compile.dependent_choice(field) end,
            format('%s does not fit the other choices', f.label)
        )
    ) as v (kind, definition, message)
    where v.definition is not null
    union all
    select t.*
    from compile.type_check(field) t
    where field ->> 'type' in ('richtext', 'geopoint', 'lookup');
end;

comment on function compile.field_check(jsonb) is
'The checks of one field: their kind (part of the name), condition and message';

create function compile.unique_key(model jsonb)
    returns table (
        schema_name text, table_name text, name text, fields text[], columns text, partial boolean,
        labels text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with key as (
        select e.schema_name, e.table_name, e.recycled, array[f.field ->> 'name'] as fields
        from compile.entity(model) e
        cross join lateral jsonb_array_elements(e.entity -> 'fields') as f (field)
        where (f.field ->> 'unique')::boolean or f.field ->> 'type' = 'autonumber'
        union
        select
            e.schema_name, e.table_name, e.recycled,
            array(select jsonb_array_elements_text(k.key -> 'fields'))
        from compile.entity(model) e
        cross join lateral jsonb_array_elements(e.entity -> 'keys') as k (key)
    ),
    -- Materialized, so that they are unpacked once and not for each key.
    named as materialized (
        select f.schema_name, f.table_name, f.name, f.column_name, f.label
        from compile.field(model) f
    )

    select
        k.schema_name, k.table_name,
        compile.derived_name(k.table_name || '_' || array_to_string(k.fields, '_') || '_key'),
        k.fields, string_agg(format('%I', f.column_name), ', ' order by n.place), k.recycled,
        string_agg(f.label, ', ' order by n.place)
    from key k
    cross join lateral unnest(k.fields) with ordinality as n (name, place)
    join named f
        on f.schema_name = k.schema_name and f.table_name = k.table_name and f.name = n.name
    group by k.schema_name, k.table_name, k.recycled, k.fields
$$;

comment on function compile.unique_key(jsonb) is
'Unique fields and alternate keys; of a recycled table only live rows count';

create function compile.desired_constraint(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'constraint', e.schema_name, e.table_name, compile.derived_name(e.table_name || '_pkey'),
        'primary key (tenant_id, id)',
        format('A %s has this id already', lower(e.entity ->> 'label'))
    from compile.entity(model) e
    union all
    select
        'constraint', k.schema_name, k.table_name, k.name,
        format('unique (tenant_id, %s)', k.columns),
        format('%s must be unique', k.labels)
    from compile.unique_key(model) k
    where not k.partial
    union all
    select
        'constraint', f.schema_name, f.table_name,
        compile.derived_name(format('%s_%s_%s_check', f.table_name, f.name, c.kind)),
        format('check (%s)', c.definition), c.message
    from compile.field(model) f
    cross join lateral compile.field_check(f.field) c
    union all
    select * from compile.desired_rule(model)
$$;

comment on function compile.desired_constraint(jsonb) is
'Primary keys, unique keys, field checks and rules that a model asks for';

create function compile.foreign_key_name(table_name text, field_name text, part text)
    returns text
    immutable
    language sql
return compile.derived_name(concat_ws('_', table_name, field_name, part, 'fkey'));

comment on function compile.foreign_key_name(text, text, text) is
'The name of a reference; the part is the target of a lookup among several';

create function compile.desired_foreign_key(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- The tenant is part of the reference: no record can point into another tenant. A refused
    -- delete is 23503 with "no action", where "restrict" would be 23001 since PostgreSQL 18.
    select
        'foreign_key', f.schema_name, f.table_name,
        compile.foreign_key_name(f.table_name, f.name, f.part),
        case f.field ->> 'type'
            when 'lookup' then format(
                'foreign key (tenant_id, %I) references %I.%I (tenant_id, id)%s', f.column_name,
                f.schema_name, f.target,
                case f.field ->> 'on_delete' when 'cascade' then ' on delete cascade' else '' end
            )
            else format(
                'foreign key (tenant_id, %I) references identity.member (tenant_id, user_id)',
                f.column_name
            )
        end,
        format('%s must be an existing record', f.field ->> 'label')
    from compile.field_column(model) f
    where f.field ->> 'type' in ('lookup', 'user')
    union all
    select
        'foreign_key', e.schema_name, e.table_name,
        compile.derived_name(e.table_name || '_owner_fkey'),
        'foreign key (tenant_id, owner_id) references identity.member (tenant_id, user_id)',
        'Owner must be a member'
    from compile.entity(model) e
    where e.owned
$$;

comment on function compile.desired_foreign_key(jsonb) is 'References that a model asks for';

create view compile.actual_constraint as
select
    case co.contype when 'f' then 'foreign_key' else 'constraint' end as kind,
    n.nspname as schema_name,
    c.relname as table_name,
    co.conname as name,
    pg_get_constraintdef(co.oid) as deparsed,
    obj_description(co.oid, 'pg_constraint') as comment
from pg_catalog.pg_constraint co
join pg_catalog.pg_class c on c.oid = co.conrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
-- Not-null constraints of PostgreSQL 18 are part of their columns.
where co.contype in ('p', 'u', 'c', 'f', 'x');

comment on view compile.actual_constraint is 'The constraints that are there';

create function compile.with_constraints(model jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    with listed as (
        select
            e.table_name, 1 as place, 0::bigint as inner_place,
            jsonb_build_object(
                'name', compile.derived_name(e.table_name || '_pkey'), 'kind', 'primary',
                'fields', '["id"]'::jsonb, 'rule', null,
                'message', format('A %s has this id already', lower(e.entity ->> 'label'))
            ) as item
        from compile.entity(model) e
        union all
        select
            k.table_name, 2, 0,
            jsonb_build_object(
                'name', k.name, 'kind', 'unique', 'fields', k.fields, 'rule', null,
                'message', format('%s must be unique', k.labels)
            )
        from compile.unique_key(model) k
        union all
        select
            f.table_name, 3, f.place,
            jsonb_build_object(
                'name',
                compile.derived_name(format('%s_%s_%s_check', f.table_name, f.name, c.kind)),
                'kind', 'check', 'fields', jsonb_build_array(f.name), 'rule', c.kind, 'message',
                c.message
            )
        from compile.field(model) f
        cross join lateral compile.field_check(f.field) c
        union all
        select
            h.table_name, 3, h.place,
            jsonb_build_object(
                'name', h.name, 'kind', 'check', 'fields', jsonb_build_array(h.field_name),
                'rule', h.rule, 'message', h.message
            )
        from compile.hierarchy_rule(model) h
        union all
        select * from compile.told_rule(model)
        union all
        select
            f.table_name, 5, f.place,
            jsonb_build_object(
                'name', compile.foreign_key_name(f.table_name, f.name, f.part),
                'kind', 'foreign', 'fields', jsonb_build_array(f.name), 'rule', null,
                'message', format('%s must be an existing record', f.field ->> 'label'),
                'column', case when not f.sole then f.column_name end
            )
        from compile.field_column(model) f
        where f.field ->> 'type' in ('lookup', 'user')
        union all
        select f.table_name, 3, f.place, f.item from compile.file_constraint(model) f
    )
    select jsonb_set(
        model, '{entities}',
        jsonb_agg(
            e.entity || jsonb_build_object('constraints', l.items)
            order by e.place
        )
    )
    from compile.entity(model) e
    -- Grouped, not looked up table by table: an app may have a thousand.
    left join (
        select o.table_name, jsonb_agg(o.item order by o.place, o.inner_place) as items
        from listed o
        group by o.table_name
    ) l using (table_name)
);

comment on function compile.with_constraints(jsonb) is
'The model with the constraints of each entity: name, fields and message, for the errors of the '
'API';

commit;
