-- Deploy qryvanta:meta/field_target to pg
-- requires: meta/field

begin;

set local role qryvanta_owner;

create table meta.field_target (
    app_id uuid not null,
    field_id uuid not null,
    position integer not null,
    target_entity_id uuid not null,

    constraint field_target_pkey primary key (field_id, position),
    constraint field_target_field_id_target_entity_id_key unique (field_id, target_entity_id),
    constraint field_target_field_id_fkey foreign key (field_id)
        references meta.field (field_id) on delete cascade,
    constraint field_target_target_entity_id_fkey foreign key (app_id, target_entity_id)
        references meta.entity (app_id, entity_id) on delete cascade
);

create index field_target_target_entity_id_idx on meta.field_target (app_id, target_entity_id);

comment on table meta.field_target is
'The entities, in order, to one of which a lookup among several refers';

create function meta.targets(app_id uuid)
    returns table (field_id uuid, entities jsonb)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select t.field_id, jsonb_agg(e.name order by t.position)
    from meta.field_target t
    join meta.entity e on e.entity_id = t.target_entity_id
    where t.app_id = targets.app_id
    group by t.field_id
$$;

comment on function meta.targets(uuid) is
'The targets of each lookup among several entities of an app as in a manifest';

commit;
