-- Deploy qryvanta:storage/file to pg
-- requires: tenancy/current
-- Files in the database: a row of facts and the content in chunks, so that one dump is the whole
-- backup. A file belongs to one field of one record; no role reads the tables, all goes through
-- functions that know the tenant.

begin;

set local role qryvanta_owner;

create table storage.file (
    tenant_id uuid not null default tenancy.required_id(),
    file_id uuid not null default tenancy.new_id(),
    name text not null,
    type text not null,
    size bigint,
    sha256 text,
    created_at timestamptz not null default now(),
    created_by uuid default tenancy.current_user_id(),
    field_id uuid,
    record_id uuid,
    released_at timestamptz,
    removed_at timestamptz,

    constraint file_pkey primary key (tenant_id, file_id),
    constraint file_tenant_id_fkey foreign key (tenant_id)
        references tenancy.tenant (tenant_id) on delete cascade,
    constraint file_name_check check (
        char_length(name) between 1 and 255 and name !~ '[[:cntrl:]/\\]'
    ),
    constraint file_type_check check (type ~ '^[a-z0-9.+-]{1,63}/[a-z0-9.+-]{1,127}$'),
    -- Known when the last chunk has come, and not before.
    constraint file_sha256_check check (
        (sha256 is null) = (size is null) and (sha256 is null or sha256 ~ '^[0-9a-f]{64}$')
    ),
    constraint file_record_id_check check (
        (record_id is null) = (field_id is null) and (record_id is null or sha256 is not null)
    ),
    constraint file_released_at_check check (released_at is null or record_id is not null),
    constraint file_removed_at_check check (removed_at is null or released_at is not null)
);

-- What the purge looks for.
create index file_created_at_idx on storage.file (created_at) where record_id is null;
create index file_released_at_idx on storage.file (released_at)
where released_at is not null and removed_at is null;

comment on table storage.file is 'A stored file; its content is in storage.chunk';
comment on column storage.file.size is 'Bytes; null until the upload is complete';
comment on column storage.file.sha256 is 'Of the content, in hexadecimal; null until complete';
comment on column storage.file.field_id is 'The field of the record that refers to it';
comment on column storage.file.record_id is 'The record that refers to it; null until one does';
comment on column storage.file.released_at is
'When the record or its reference went; the content follows after a while';
comment on column storage.file.removed_at is
'When the content went; name, size and sha256 stay for the history of the record';

create table storage.chunk (
    tenant_id uuid not null,
    file_id uuid not null,
    place integer not null,
    content bytea not null,

    constraint chunk_pkey primary key (tenant_id, file_id, place),
    constraint chunk_file_id_fkey foreign key (tenant_id, file_id)
        references storage.file (tenant_id, file_id) on delete cascade,
    constraint chunk_place_check check (place >= 0),
    constraint chunk_content_check check (octet_length(content) between 1 and 262144)
);

-- What is worth storing as a file is compressed already.
alter table storage.chunk alter column content set storage external;

comment on table storage.chunk is
'The content of a file: chunks of 262144 bytes, counted from 0; the last may be shorter';

alter table storage.file enable row level security, force row level security;
alter table storage.chunk enable row level security, force row level security;

create policy file_select on storage.file
for select using (tenant_id = (select tenancy.current_id()));

create policy chunk_select on storage.chunk
for select using (tenant_id = (select tenancy.current_id()));

-- Forced, the owner is bound as well: references are checked and content is purged across tenants.
create policy qryvanta_owner_all on storage.file
to qryvanta_owner using (true) with check (true);

create policy qryvanta_owner_all on storage.chunk
to qryvanta_owner using (true) with check (true);

commit;
