-- Deploy qryvanta:storage/attach to pg
-- requires: storage/file compile/name
-- The trigger that every file field has: a file belongs to the first record that refers to it, and
-- goes some time after the reference went.

begin;

set local role qryvanta_owner;

create function storage.is_accepted(type text, accept text[])
    returns boolean
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return is_accepted.accept is null
or is_accepted.type = any (is_accepted.accept)
or split_part(is_accepted.type, '/', 1) || '/*' = any (is_accepted.accept);

comment on function storage.is_accepted(text, text[]) is
'Whether a media type is on a list such as {application/pdf,image/*}; null accepts all';

create function storage.attach()
    returns trigger
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    field_name text := tg_argv[0];
    column_name text := tg_argv[1];
    own_field_id uuid := tg_argv[2];
    max_size bigint := tg_argv[3];
    accept text[] := nullif(tg_argv[4], '');
    old_id uuid := case when tg_op <> 'INSERT' then (to_jsonb(old) ->> column_name)::uuid end;
    new_id uuid := case when tg_op <> 'DELETE' then (to_jsonb(new) ->> column_name)::uuid end;
    known storage.file;
    fault text;
begin
    if old_id is not distinct from new_id then
        return null;
    end if;
    update storage.file f set released_at = now()
    where f.tenant_id = old.tenant_id and f.file_id = old_id;
    if new_id is null then
        return null;
    end if;
    -- Its sender may let a record have it; a record may take back what it had.
    update storage.file f set field_id = own_field_id, record_id = new.id, released_at = null
    where f.tenant_id = new.tenant_id
        and f.file_id = new_id
        and f.sha256 is not null
        and f.removed_at is null
        and case
            when f.record_id is null
                then f.created_by is not distinct from tenancy.current_user_id()
            else f.record_id = new.id and f.field_id = own_field_id
        end
    returning f.* into known;
    fault := case
        when known.file_id is null then 'fkey'
        when known.size > max_size then 'max_size_check'
        when not storage.is_accepted(known.type, accept) then 'accept_check'
    end;
    if fault is not null then
        raise exception 'the file cannot be used here: %', fault
            using errcode = case fault when 'fkey' then '23503' else '23514' end,
                schema = tg_table_schema, table = tg_table_name, constraint
                    = compile.derived_name(concat_ws('_', tg_table_name, field_name, fault));
    end if;
    return null;
end
$$;

comment on function storage.attach() is
'After a row changed: gives a file to its record or takes it away. Arguments: field, column, id of '
'the field, greatest size, accepted types. Raises 23503 for another''s file, 23514 for one that '
'the field does not allow';

create function storage.purge()
    returns bigint
    volatile
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    delete from storage.file f
    where f.record_id is null and f.created_at < now() - interval '1 day';

    with gone as (
        update storage.file f set removed_at = now()
        where f.released_at < now() - interval '1 day' and f.removed_at is null
        returning f.tenant_id, f.file_id
    ),
    removed as (
        delete from storage.chunk c using gone g
        where c.tenant_id = g.tenant_id and c.file_id = g.file_id
        returning 1
    )
    select count(*) from removed
$$;

comment on function storage.purge() is
'Removes what no record has referred to for a day: uploads whole, of a file that a record had '
'the content';

grant execute on function storage.purge() to qryvanta_gateway;

commit;
