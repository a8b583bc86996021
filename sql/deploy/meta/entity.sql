-- Deploy qryvanta:meta/entity to pg
-- requires: meta/app
-- Entities, and the many-to-many relations, which are entities with two ends.

begin;

set local role qryvanta_owner;

create table meta.entity (
    entity_id uuid not null default tenancy.new_id(),
    app_id uuid not null,
    position integer not null,
    name meta.identifier not null,
    label text,
    plural text,
    description text,
    icon text,
    title text,
    title_sql text,
    hierarchy text,
    ownership text,
    audit boolean,
    recycle boolean,
    from_entity_id uuid,
    to_entity_id uuid,

    constraint entity_pkey primary key (entity_id),
    constraint entity_app_id_entity_id_key unique (app_id, entity_id),
    constraint entity_app_id_name_key unique (app_id, name),
    constraint entity_app_id_fkey foreign key (app_id)
        references meta.app (app_id) on delete cascade,
    constraint entity_from_entity_id_fkey foreign key (app_id, from_entity_id)
        references meta.entity (app_id, entity_id) on delete cascade,
    constraint entity_to_entity_id_fkey foreign key (app_id, to_entity_id)
        references meta.entity (app_id, entity_id) on delete cascade,
    constraint entity_name_check check (meta.name_fault(name, 'entity') is null),
    constraint entity_ownership_check check (ownership in ('tenant', 'owned')),
    constraint entity_title_sql_check check ((title is null) or (title_sql is not null)),
    -- A relation has both ends, an entity none.
    constraint entity_ends_check check ((from_entity_id is null) = (to_entity_id is null))
);

create index entity_from_entity_id_idx on meta.entity (app_id, from_entity_id);
create index entity_to_entity_id_idx on meta.entity (app_id, to_entity_id);

comment on table meta.entity is 'A kind of record, or a many-to-many relation between two kinds';
comment on column meta.entity.title is 'The field or text expression that names a record to people';
comment on column meta.entity.hierarchy is
'The lookup to the entity itself in which no record may be below itself';
comment on column meta.entity.title_sql is 'The title as canonical SQL over the columns of one row';

commit;
