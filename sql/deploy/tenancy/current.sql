-- Deploy qryvanta:tenancy/current to pg
-- requires: tenancy/tenant
-- Who and where is this transaction? A mapped login is what its mapping says, always. Only members
-- of tenant_setting (server, worker) may say it by a setting. Everybody else is nowhere.

begin;

set local role qryvanta_owner;

create function tenancy.current_id()
    returns uuid
    stable
    parallel safe
    cost 1000
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
return case
    when exists (select from tenancy.database_login l where l.login = session_user)
        then (select l.tenant_id from tenancy.database_login l where l.login = session_user)
    -- After a commit a setting is '', not null.
    when pg_has_role(session_user, 'tenant_setting', 'member')
        then nullif(current_setting('qryvanta.tenant_id', true), '')::uuid
end;

comment on function tenancy.current_id() is
'The tenant of this transaction; null when there is none, and then no row is visible';

create function tenancy.required_id()
    returns uuid
    stable
    parallel safe
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    tenant_id uuid := tenancy.current_id();
begin
    -- Reading without a tenant finds nothing; writing without one is a mistake to hear about.
    if tenant_id is null then
        raise exception 'no tenant in this transaction' using errcode = '28000';
    end if;
    return tenant_id;
end
$$;

comment on function tenancy.required_id() is
'The tenant of this transaction; raises 28000 when there is none';

create function tenancy.current_user_id()
    returns uuid
    stable
    parallel safe
    cost 100
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- The common case without a query, because columns that say who wrote a row call this for each
    -- row. No mapped login is a member: tenancy.refuse_gateway_login sees to it.
    if pg_has_role(session_user, 'tenant_setting', 'member') then
        return nullif(current_setting('qryvanta.user_id', true), '')::uuid;
    end if;
    return (select l.user_id from tenancy.database_login l where l.login = session_user);
end
$$;

comment on function tenancy.current_user_id() is
'The user of this transaction; null for a direct SQL login that stands for no user';

create function tenancy.shows_deleted()
    returns boolean
    stable
    parallel safe
    language sql
    set search_path = pg_catalog, pg_temp
return coalesce(current_setting('qryvanta.deleted', true) = 'visible', false);

comment on function tenancy.shows_deleted() is
'Whether this transaction looks into the recycle bin (set local qryvanta.deleted = ''visible'')';

grant execute on function
    tenancy.current_id(), tenancy.required_id(), tenancy.current_user_id(), tenancy.shows_deleted(),
    tenancy.new_id()
to qryvanta_app;

commit;
