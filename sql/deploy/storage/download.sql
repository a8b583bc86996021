-- Deploy qryvanta:storage/download to pg
-- requires: storage/upload
-- The id of a file is the key to it. It stands in a record, so who may not read the record and the
-- field does not have it; ids cannot be guessed or listed.

begin;

set local role qryvanta_owner;

create function storage.described(file_ids uuid[])
    returns table (
        file_id uuid, name text, type text, size bigint, sha256 text, removed boolean
    )
    stable
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select f.file_id, f.name, f.type, f.size, f.sha256, f.removed_at is not null
    from storage.file f
    where f.tenant_id = storage.required_tenant()
        and f.file_id = any (described.file_ids)
        and f.sha256 is not null
        and (f.record_id is not null
            or f.created_by is not distinct from tenancy.current_user_id())
$$;

comment on function storage.described(uuid[]) is
'What is known of files: of those that a record refers or referred to, and of the asker''s own';

create function storage.content(file_id uuid, first_place integer, last_place integer)
    returns setof bytea
    stable
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select c.content
    from storage.chunk c
    join storage.described(array[content.file_id]) f using (file_id)
    where c.tenant_id = storage.required_tenant()
        and c.place between content.first_place and content.last_place
        and not f.removed
    order by c.place
$$;

comment on function storage.content(uuid, integer, integer) is
'Chunks of a complete file, in order';

grant execute on function
    storage.described(uuid[]), storage.content(uuid, integer, integer)
to qryvanta_app;

commit;
