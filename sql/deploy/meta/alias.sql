-- Deploy qryvanta:meta/alias to pg
-- requires: meta/element
-- An app that was made independently in two installations has other ids in each. When a manifest
-- comes from the other one, its ids are replaced by ours, first by the path of names, and ever
-- after by what was remembered then: so a rename over there is a rename here.

begin;

set local role qryvanta_owner;

create table meta.alias (
    app_id uuid not null,
    foreign_id uuid not null,
    element_id uuid not null,

    constraint alias_pkey primary key (app_id, foreign_id),
    constraint alias_app_id_fkey foreign key (app_id)
        references meta.app (app_id) on delete cascade
);

comment on table meta.alias is
'Which element of an app an id of another installation means';

create function meta.element_path(element_kind text, path text, name text)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return case element_kind
    when 'entity' then 'entity ' || name
    when 'relation' then 'entity ' || name
    when 'role' then 'role ' || name
    else format('%s %s.%s', element_kind, split_part(path, '/', 2), name)
end;

comment on function meta.element_path(text, text, text) is
'The path of an element as in meta.known_ids';

create function meta.named_alias(manifest jsonb, app_id uuid, known jsonb)
    returns table (kind text, path text, parent text, name text, given_id uuid, element_id uuid)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with element as materialized (
        select e.kind, e.path, e.parent, e.name, (e.given ->> 'id')::uuid as id,
            (known ->> meta.element_path(e.kind, e.path, e.name))::uuid as known_id
        from meta.element(manifest) e
        where e.kind in ('entity', 'relation', 'field', 'rule', 'role') and e.given ? 'id'
    ),

    own as materialized (
        select k.value::uuid as id from jsonb_each_text(known) as k (path, value)
    )

    select
        e.kind, e.path, e.parent, e.name, e.id,
        coalesce(
            o.id,
            a.element_id,
            -- What carries our id itself is meant by nobody else.
            case when g.id is null then e.known_id end,
            e.id
        )
    from element e
    left join own o on o.id = e.id
    left join meta.alias a on a.app_id = named_alias.app_id and a.foreign_id = e.id
    left join element g on g.id = e.known_id
$$;

comment on function meta.named_alias(jsonb, uuid, jsonb) is
'The elements with a name in a manifest from elsewhere: the id given and the id here';

create function meta.key_alias(manifest jsonb, known jsonb, given_id uuid [], element_id uuid [])
    returns table (given_id uuid, element_id uuid)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with renamed as materialized (
        select m.given_id, m.element_id
        from unnest(key_alias.given_id, key_alias.element_id) as m (given_id, element_id)
    )

    select (k.given ->> 'id')::uuid,
        (known ->> format(
            '%s %s %s', k.kind, min(er.element_id::text),
            string_agg(fr.element_id::text, ',' order by n.place)
        ))::uuid
    from meta.element(manifest) k
    join meta.element(manifest) e on e.path = k.parent
    join renamed er on er.given_id = (e.given ->> 'id')::uuid
    cross join lateral jsonb_array_elements_text(k.given -> 'fields') with ordinality
        as n (name, place)
    join meta.element(manifest) f on f.kind = 'field' and f.parent = k.parent and f.name = n.name
    join renamed fr on fr.given_id = (f.given ->> 'id')::uuid
    where k.kind in ('keys', 'indexes') and k.given ? 'id'
    group by k.kind, k.path, k.given
$$;

comment on function meta.key_alias(jsonb, jsonb, uuid [], uuid []) is
'The keys and indexes of a manifest from elsewhere: the id given and the id here by its fields, '
'null for a new one';

create function meta.with_ids(manifest jsonb, ids jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
-- Of all texts in JSON only a key id is followed by ": " without a backslash before its quotes.
return (
    select string_agg(
        case
            when p.place = 1 then p.part
            else coalesce(ids ->> left(p.part, 36), left(p.part, 36)) || substr(p.part, 37)
        end,
        '"id": "' order by p.place
    )::jsonb
    from string_to_table(manifest::text, '"id": "') with ordinality as p (part, place)
);

comment on function meta.with_ids(jsonb, jsonb) is
'A manifest in which the ids of elements are replaced as {old: new} says';

create function meta.remapped(manifest jsonb, app_id uuid)
    returns jsonb
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    known jsonb;
    given_ids uuid[];
    element_ids uuid[];
    ids jsonb;
begin
    if (manifest -> 'app' ->> 'id')::uuid is not distinct from remapped.app_id
        or manifest -> 'app' ->> 'id' is null then
        return manifest;
    end if;
    known := meta.known_ids(remapped.app_id, '{}');
    select array_agg(m.given_id), array_agg(m.element_id)
    into given_ids, element_ids
    from meta.named_alias(manifest, remapped.app_id, known) m;
    insert into meta.alias as a (app_id, foreign_id, element_id)
    select remapped.app_id, m.given_id, m.element_id
    from (
        select (manifest -> 'app' ->> 'id')::uuid as given_id, remapped.app_id as element_id
        union
        select n.given_id, n.element_id
        from unnest(given_ids, element_ids) as n (given_id, element_id)
        union
        select k.given_id, k.element_id
        from meta.key_alias(manifest, known, given_ids, element_ids) k
        where k.element_id is not null
    ) m
    where m.given_id <> m.element_id
    on conflict on constraint alias_pkey do nothing;
    ids := (
        select jsonb_object_agg(a.foreign_id, a.element_id)
        from meta.alias a
        where a.app_id = remapped.app_id
    );
    return meta.with_ids(manifest, ids);
end
$$;

comment on function meta.remapped(jsonb, uuid) is
'A manifest from another installation with our ids; as it is when the app was not made elsewhere. '
'Remembers in meta.alias what it took for what';

commit;
