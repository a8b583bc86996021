-- Deploy qryvanta:meta/role to pg
-- requires: meta/field

begin;

set local role qryvanta_owner;

create table meta.role (
    role_id uuid not null default tenancy.new_id(),
    app_id uuid not null,
    position integer not null,
    name meta.identifier not null,
    label text,
    description text,

    constraint role_pkey primary key (role_id),
    constraint role_app_id_name_key unique (app_id, name),
    constraint role_app_id_fkey foreign key (app_id)
        references meta.app (app_id) on delete cascade
);

comment on table meta.role is
'A role of an app; publishing makes it a PostgreSQL role <app>_<role>';

create table meta.role_grant (
    role_id uuid not null,
    entity_id uuid not null,
    position integer not null,
    read_scope text,
    may_create boolean,
    update_scope text,
    delete_scope text,

    constraint role_grant_pkey primary key (role_id, entity_id),
    constraint role_grant_role_id_fkey foreign key (role_id)
        references meta.role (role_id) on delete cascade,
    constraint role_grant_entity_id_fkey foreign key (entity_id)
        references meta.entity (entity_id) on delete cascade,
    constraint role_grant_read_scope_check check (read_scope in ('none', 'own', 'tenant')),
    constraint role_grant_update_scope_check check (update_scope in ('none', 'own', 'tenant')),
    constraint role_grant_delete_scope_check check (delete_scope in ('none', 'own', 'tenant'))
);

create index role_grant_entity_id_idx on meta.role_grant (entity_id);

comment on table meta.role_grant is
'What a role may do with the records of an entity, and with which of them';

create table meta.field_grant (
    role_id uuid not null,
    entity_id uuid not null,
    field_id uuid not null,
    access text not null,

    constraint field_grant_pkey primary key (role_id, field_id),
    constraint field_grant_role_id_fkey foreign key (role_id, entity_id)
        references meta.role_grant (role_id, entity_id) on delete cascade,
    constraint field_grant_field_id_fkey foreign key (entity_id, field_id)
        references meta.field (entity_id, field_id) on delete cascade,
    constraint field_grant_access_check check (access in ('none', 'read', 'write'))
);

create index field_grant_field_id_idx on meta.field_grant (entity_id, field_id);

comment on table meta.field_grant is
'Where a role sees or writes a field otherwise than the rest of the entity';

commit;
