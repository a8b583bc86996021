-- Deploy qryvanta:meta/key to pg
-- requires: meta/rule
-- Keys and indexes have no name: one is known again by the fields that it is made of.

begin;

set local role qryvanta_owner;

create function meta.known_keys(app_id uuid)
    returns table (path text, key_id uuid)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select k.path, (array_agg(k.key_id order by k.position))[1]
    from (
        select
            k.key_id, k.position,
            format(
                '%s %s %s', case when k.is_unique then 'keys' else 'indexes' end, k.entity_id,
                string_agg(n.field_id::text, ',' order by n.position)
            ) as path
        from meta.entity e
        join meta.key k using (entity_id)
        join meta.key_field n using (key_id)
        where e.app_id = known_keys.app_id
        group by k.key_id
    ) k
    group by k.path
$$;

comment on function meta.known_keys(uuid) is
'The ids of the keys and indexes of a draft by their fields; of two alike that of the first';

create function meta.key_path(given jsonb, entity_id uuid, part text)
    returns text
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select format(
        '%s %s %s', key_path.part, key_path.entity_id,
        string_agg(f.field_id::text, ',' order by n.place)
    )
    from jsonb_array_elements_text(given -> 'fields') with ordinality as n (name, place)
    join meta.field f on f.entity_id = key_path.entity_id and f.name = n.name
);

comment on function meta.key_path(jsonb, uuid, text) is
'The path, as in meta.known_keys, of a key (part keys) or index (part indexes) of a manifest';

commit;
