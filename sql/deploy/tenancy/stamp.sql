-- Deploy qryvanta:tenancy/stamp to pg
-- requires: tenancy/current

begin;

set local role qryvanta_owner;

create function tenancy.stamp()
    returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- The executor fills columns at publishing: that is no change of a record.
    if current_user = 'qryvanta_ddl' then
        return new;
    end if;
    if (new.tenant_id, new.id) is distinct from (old.tenant_id, old.id) then
        raise exception 'the key of a record cannot be changed' using errcode = '42501';
    end if;
    new.version := old.version + 1;
    new.updated_at := now();
    new.updated_by := tenancy.current_user_id();
    return new;
end
$$;

comment on function tenancy.stamp() is
'Trigger: who changed a record, when, and its next version, whoever writes by whatever door';

commit;
