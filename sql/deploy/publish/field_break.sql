-- Deploy qryvanta:publish/field_break to pg
-- requires: publish/part publish/version
-- What changes in fields so that clients of the API, saved views and queries stumble over it.

begin;

set local role qryvanta_owner;

create type publish.break as (
    path text,
    kind text,
    sentence text
);

comment on type publish.break is
'Something that stops working. kind: removed, renamed, type, target, required, narrower, unique, '
'key, readonly, rights, depends';

create function publish.is_narrower(old jsonb, new jsonb, direction integer, type text)
    returns boolean
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return case
    when coalesce(new, 'null') = 'null' then false
    when coalesce(old, 'null') = 'null' then true
    when jsonb_typeof(new) = 'number' and jsonb_typeof(old) = 'number'
        then direction * new::numeric > direction * old::numeric
    when is_narrower.type in ('date', 'time') and direction > 0 then new #>> '{}' > old #>> '{}'
    when is_narrower.type in ('date', 'time') then new #>> '{}' < old #>> '{}'
    else new <> old
end;

comment on function publish.is_narrower(jsonb, jsonb, integer, text) is
'Whether a bound leaves less room than before; direction 1 for a least value, -1 for a greatest';

create function publish.type_words(field jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return case field ->> 'type'
    when 'decimal' then format('decimal(%s,%s)', field ->> 'precision', field ->> 'scale')
    else field ->> 'type'
end;

comment on function publish.type_words(jsonb) is 'The type of a field with what changes its column';

create function publish.lost_choices(old jsonb, new jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select string_agg(format('"%s"', o.value), ', ' order by o.place)
    from jsonb_path_query(lost_choices.old, '$.choices[*].value') with ordinality as c (item, place)
    cross join lateral (select c.item #>> '{}', c.place) as o (value, place)
    where lost_choices.new ->> 'type' in ('choice', 'multichoice')
        and not exists (
            select
            from jsonb_path_query(lost_choices.new, '$.choices[*].value') as n (item)
            where n.item = c.item
        )
);

comment on function publish.lost_choices(jsonb, jsonb) is
'The values that a field of choices had and has no longer; null for none';

create function publish.field_pair(old_model jsonb, new_model jsonb)
    returns table (path text, subject text, old jsonb, new jsonb, old_target uuid, new_target uuid)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        format('entities/%s/fields/%s', o.table_name, o.name),
        format('Field %s.%s', oe.entity ->> 'label', o.name), o.field, n.field,
        ot.entity_id, nt.entity_id
    from compile.field(old_model) o
    join compile.entity(old_model) oe on oe.table_name = o.table_name
    join compile.entity(new_model) ne on ne.entity_id = oe.entity_id
    left join compile.field(new_model) n
        on n.field_id = o.field_id and n.table_name = ne.table_name
    left join compile.entity(old_model) ot on ot.table_name = o.target
    left join compile.entity(new_model) nt on nt.table_name = n.target
$$;

comment on function publish.field_pair(jsonb, jsonb) is
'Each field of the entities that stay, as it was and as it will be (null: it goes)';

create function publish.field_break(old_model jsonb, new_model jsonb)
    returns setof publish.break
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select f.path, b.kind, f.subject || ' ' || b.words
    from publish.field_pair(old_model, new_model) f
    cross join lateral (select f.old ->> 'type' as old_type, f.new ->> 'type' as new_type) t
    cross join lateral (values
        ('removed', f.new is null, 'is removed'),
        (
            'renamed',
            jsonb_path_query_array(f.old, '$.columns[*].name')
            <> jsonb_path_query_array(f.new, '$.columns[*].name')
            and f.old ->> 'name' <> f.new ->> 'name',
            format('is called %s', f.new ->> 'name')
        ),
        (
            'type',
            t.old_type <> t.new_type
            or jsonb_path_query_array(f.old, '$.columns[*].sql_type')
            <> jsonb_path_query_array(f.new, '$.columns[*].sql_type'),
            format('is of type %s instead of %s', publish.type_words(f.new), publish.type_words(f.old))
        ),
        (
            'target', f.old_target is not null and f.new_target is not null
            and f.old_target <> f.new_target,
            format('refers to %s instead of %s', f.new ->> 'entity', f.old ->> 'entity')
        ),
        (
            'required',
            f.new -> 'required' = 'true' and f.old -> 'required' = 'false'
            and f.new ->> 'default_sql' is null,
            'is required and has no default: who leaves it out is refused'
        ),
        (
            'readonly',
            (f.new ->> 'formula' is not null and f.old ->> 'formula' is null)
            or (f.new -> 'readonly' = 'true' and f.old -> 'readonly' = 'false'),
            'can no longer be written'
        ),
        (
            'unique', f.new -> 'unique' = 'true' and f.old -> 'unique' = 'false',
            'is unique: a value that is there already is refused'
        ),
        (
            'narrower', publish.is_narrower(f.old -> 'length', f.new -> 'length', -1, 'number'),
            format('takes at most %s characters', f.new ->> 'length')
        ),
        (
            'narrower', publish.is_narrower(f.old -> 'min', f.new -> 'min', 1, t.new_type),
            format('must be at least %s', f.new ->> 'min')
        ),
        (
            'narrower', publish.is_narrower(f.old -> 'max', f.new -> 'max', -1, t.new_type),
            format('must be at most %s', f.new ->> 'max')
        ),
        (
            'narrower', publish.is_narrower(f.old -> 'pattern', f.new -> 'pattern', 1, 'text'),
            format('must match %s', f.new ->> 'pattern')
        ),
        (
            'narrower',
            t.new_type = 'text' and publish.is_narrower(f.old -> 'format', f.new -> 'format', 1, 'text'),
            format('must be in the form of %s', f.new ->> 'format')
        ),
        (
            'narrower', publish.lost_choices(f.old, f.new) is not null,
            format('no longer takes %s', publish.lost_choices(f.old, f.new))
        )
    ) as b (kind, holds, words)
    where b.holds
    union all
    select
        format('entities/%s/fields/%s', n.table_name, n.name), 'required',
        format(
            'Field %s.%s is new, required and without a default: who lacks it is refused',
            e.entity ->> 'label', n.name
        )
    from compile.field(new_model) n
    join compile.entity(new_model) e on e.table_name = n.table_name
    join compile.entity(old_model) o on o.entity_id = e.entity_id
    where n.required and n.default_sql is null and n.formula_sql is null and n.type <> 'autonumber'
        and not exists (select from compile.field(old_model) x where x.field_id = n.field_id)
$$;

comment on function publish.field_break(jsonb, jsonb) is
'What changes in fields so that what worked with the old shape does not';

commit;
