-- Deploy qryvanta:publish/difference to pg
-- requires: publish/part publish/version
-- Two manifests compared by stable ids, so that a rename is a rename, and told in plain words.

begin;

set local role qryvanta_owner;

create function publish.shown(value jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return case
    when jsonb_typeof(shown.value) = 'array'
        and not jsonb_path_exists(shown.value, '$[*] ? (@.type() == "object")')
        then (
            select coalesce(string_agg(v.item #>> '{}', ', ' order by v.place), 'none')
            from jsonb_array_elements(shown.value) with ordinality as v (item, place)
        )
    when coalesce(shown.value, 'null') in ('null', '""') then 'none'
    else shown.value #>> '{}'
end;

comment on function publish.shown(jsonb) is 'The value of a property as people read it';

create function publish.scope_words(scope jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return case scope #>> '{}'
    when 'tenant' then 'all' when 'own' then 'its own' when 'team' then 'its team''s'
    else scope #>> '{}'
end;

comment on function publish.scope_words(jsonb) is 'Which records a scope means';

create function publish.rights_words(rights jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select coalesce(
        regexp_replace(string_agg(r.words, ', ' order by r.place), ', ([^,]*)$', ' and \1'),
        'do nothing with'
    )
    from (
        select
            v.place, v.verb || case rights ->> v.verb when 'own' then ' its own'
                when 'team' then ' its team''s' else '' end as words
        from (values (1, 'read'), (2, 'create'), (3, 'update'), (4, 'delete')) as v (place, verb)
        where coalesce(rights ->> v.verb, 'none') not in ('none', 'false')
    ) r
);

comment on function publish.rights_words(jsonb) is
'A grant as verbs: read, create and update its own';

create function publish.right_sentence(part publish.part, property text, old jsonb, new jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return concat_ws(' ', part.subject, case
    when part.kind = 'field_right' then
        case coalesce(new #>> '{}', 'like the record')
            when 'none' then 'may not see' when 'read' then 'may see and not write'
            when 'write' then 'may see and write'
            else 'has no rule of its own any more for'
        end
    when coalesce(new, 'null') in ('null', '"none"', 'false') then 'may no longer ' || property
    when new = 'true' then 'may now ' || property
    when coalesce(old, 'null') in ('null', '"none"')
        then concat_ws(' ', 'may now', property, publish.scope_words(new))
    else format(
        'may now %s %s instead of %s', property, publish.scope_words(new), publish.scope_words(old)
    )
end, part.object);

comment on function publish.right_sentence(publish.part, text, jsonb, jsonb) is
'A changed right in plain words';

create function publish.sentence(
    part publish.part, change text, property text, old jsonb, new jsonb
)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return case
    when part.kind = 'grant' and change = 'added'
        then format('%s may now %s %s', part.subject, publish.rights_words(new), part.object)
    when part.kind = 'grant' and change = 'removed'
        then format(
            '%s may no longer %s %s', part.subject, publish.rights_words(old), part.object
        )
    when part.kind = 'field_right' and change <> 'changed'
        then publish.right_sentence(part, 'access', old -> 'access', new -> 'access')
    when part.kind in ('grant', 'field_right')
        then publish.right_sentence(part, property, old, new)
    when change in ('added', 'removed') then format('%s %s', part.subject, change)
    when change = 'renamed' then format('%s is now called %s', part.subject, new #>> '{}')
    when jsonb_typeof(coalesce(new, old)) = 'boolean' then format(
        '%s is %s %s', part.subject, case when new = 'true' then 'now' else 'no longer' end,
        property
    )
    else format(
        '%s: %s %s → %s', part.subject, replace(property, '_', ' '), publish.shown(old),
        publish.shown(new)
    )
end;

comment on function publish.sentence(publish.part, text, text, jsonb, jsonb) is
'One difference in plain words';

create function publish.changed_property(old publish.part, new publish.part)
    returns table (property text, old_value jsonb, new_value jsonb)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select k.property, old.effective -> k.property, new.effective -> k.property
    from (
        select jsonb_object_keys(old.given) as property
        union
        select jsonb_object_keys(new.given)
    ) k
    where coalesce(old.given -> k.property, old.effective -> k.property)
        is distinct from coalesce(new.given -> k.property, new.effective -> k.property)
        -- The name has a row of its own; the SQL follows from the expression.
        and k.property not in ('id', 'name')
        and k.property !~ '_sql$'
$$;

comment on function publish.changed_property(publish.part, publish.part) is
'The properties in which an element differs, as written or by default';

create function publish.changed_order(old publish.part [], new publish.part [])
    returns table (parent text, kind text, old_order jsonb, new_order jsonb)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        n.parent, n.kind, jsonb_agg(o.name order by o.place), jsonb_agg(o.name order by n.place)
    from unnest(new) n
    join unnest(old) o using (ident, kind)
    -- Of the others the order means nothing.
    where n.kind in ('entity', 'field', 'choice', 'role')
    group by n.parent, n.kind
    having array_agg(n.ident order by o.place) <> array_agg(n.ident order by n.place)
$$;

comment on function publish.changed_order(publish.part [], publish.part []) is
'Parents whose elements stand in another order, those that were added or removed aside';

create function publish.difference(old_manifest jsonb, new_manifest jsonb)
    returns table (
        kind text, path text, change text, property text, old jsonb, new jsonb, sentence text
    )
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    roles_by_name boolean := not coalesce(
        jsonb_array_length(old_manifest -> 'roles') > 0
        and jsonb_array_length(new_manifest -> 'roles') > 0, false
    );
    -- Copies in memory: what comes from a table would be unpacked again for each look into it.
    old_copy jsonb := old_manifest || '{}';
    new_copy jsonb := new_manifest || '{}';
    before publish.part[] := array(select p from publish.parts(old_copy, roles_by_name) p);
    after publish.part[] := array(select p from publish.parts(new_copy, roles_by_name) p);
begin
    return query
    with pair as materialized (
        select o as old_part, n as new_part, coalesce(n.path, o.path) as path
        from unnest(before) o
        full join unnest(after) n using (kind, ident)
    ),

    found as (
        -- What belongs to an element that comes or goes does so with it.
        select p.path, p.new_part as part, 'added' as change, null as property, null::jsonb as old,
            (p.new_part).given as new
        from pair p
        where (p.old_part).ident is null
            and not exists (
                select
                from pair q
                where (q.new_part).ident = (p.new_part).parent and (q.old_part).ident is null
            )
        union all
        select p.path, p.old_part, 'removed', null, (p.old_part).given, null
        from pair p
        where (p.new_part).ident is null
            and not exists (
                select
                from pair q
                where (q.old_part).ident = (p.old_part).parent and (q.new_part).ident is null
            )
        union all
        select
            p.path, p.old_part, 'renamed', 'name', to_jsonb((p.old_part).name),
            to_jsonb((p.new_part).name)
        from pair p
        where (p.old_part).name <> (p.new_part).name
        union all
        select p.path, p.new_part, 'changed', c.property, c.old_value, c.new_value
        from pair p
        cross join lateral publish.changed_property(p.old_part, p.new_part) c
        where (p.old_part).given <> (p.new_part).given
            or (p.old_part).effective <> (p.new_part).effective
        union all
        select p.path, p.new_part, 'changed',
            'order of ' || case r.kind when 'entity' then 'entities' else r.kind || 's' end,
            r.old_order, r.new_order
        from publish.changed_order(before, after) r
        join pair p on (p.new_part).ident = r.parent
    )

    select
        (f.part).kind, f.path, f.change, f.property, f.old, f.new,
        publish.sentence(f.part, f.change, f.property, f.old, f.new)
    from found f
    order by f.path, f.change, f.property;
end
$$;

comment on function publish.difference(jsonb, jsonb) is
'What differs between two manifests by stable ids, with a sentence each. Derived SQL, ids and the '
'parts of what was added or removed as a whole have no row';

commit;
