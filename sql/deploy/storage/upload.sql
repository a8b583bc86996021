-- Deploy qryvanta:storage/upload to pg
-- requires: storage/file
-- A file comes in chunk by chunk, each in a transaction of its own, so that a slow sender holds
-- nothing. Until a record refers to it, it is its sender's alone.

begin;

set local role qryvanta_owner;

create function storage.required_tenant()
    returns uuid
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- A direct SQL login shares the right to execute with the roles of the apps.
    if not pg_has_role(session_user, 'tenant_setting', 'member') then
        raise exception 'files are not open to direct SQL logins' using errcode = '42501';
    end if;
    return tenancy.required_id();
end
$$;

comment on function storage.required_tenant() is
'The tenant of this transaction; raises 42501 for a direct SQL login, 28000 without a tenant';

create function storage.receive(name text, type text)
    returns uuid
    volatile
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    insert into storage.file as f (tenant_id, name, type)
    values (storage.required_tenant(), receive.name, receive.type)
    returning f.file_id
$$;

comment on function storage.receive(text, text) is 'Begins a file; its id';

create function storage.append(file_id uuid, place integer, contents bytea[])
    returns void
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    insert into storage.chunk (tenant_id, file_id, place, content)
    select f.tenant_id, f.file_id, append.place + c.place - 1, c.content
    from storage.file f
    cross join unnest(append.contents) with ordinality as c (content, place)
    where f.tenant_id = storage.required_tenant()
        and f.file_id = append.file_id
        and f.sha256 is null
        and f.created_by is not distinct from tenancy.current_user_id();
    if not found then
        raise exception 'there is no such upload' using errcode = '42501';
    end if;
end
$$;

comment on function storage.append(uuid, integer, bytea[]) is
'Adds chunks to a file that its sender began; place is that of the first. Raises 42501 for any '
'other file';

create function storage.finish(file_id uuid, type text, sha256 text)
    returns bigint
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    bytes bigint;
    whole boolean;
begin
    select
        coalesce(sum(octet_length(c.content)), 0),
        coalesce(max(c.place) + 1, 0) = count(*)
        and count(*) filter (where octet_length(c.content) < 262144) <= 1
        and coalesce(bool_and(octet_length(c.content) = 262144 or c.last), true)
    into bytes, whole
    from (
        select k.place, k.content, k.place = max(k.place) over () as last
        from storage.chunk k
        where k.tenant_id = storage.required_tenant() and k.file_id = finish.file_id
    ) c;
    update storage.file f
    set type = finish.type, size = bytes, sha256 = finish.sha256
    where f.tenant_id = storage.required_tenant()
        and f.file_id = finish.file_id
        and f.sha256 is null
        and f.created_by is not distinct from tenancy.current_user_id()
        and whole;
    if not found then
        raise exception 'there is no such upload' using errcode = '42501';
    end if;
    return bytes;
end
$$;

comment on function storage.finish(uuid, text, text) is
'Ends an upload, with what was learnt from the content; the size in bytes. Raises 42501 when the '
'upload is not the sender''s or a chunk is missing';

create function storage.discard(file_id uuid)
    returns void
    volatile
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    delete from storage.file f
    where f.tenant_id = storage.required_tenant()
        and f.file_id = discard.file_id
        and f.record_id is null
        and f.created_by is not distinct from tenancy.current_user_id()
$$;

comment on function storage.discard(uuid) is
'Forgets a file to which its sender has let no record refer';

grant execute on function
    storage.required_tenant(), storage.receive(text, text), storage.append(uuid, integer, bytea[]),
    storage.finish(uuid, text, text), storage.discard(uuid)
to qryvanta_app;

commit;
