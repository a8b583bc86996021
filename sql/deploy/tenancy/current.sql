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

create function tenancy.login_user_id()
    returns uuid
    stable
    parallel safe
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
return (select l.user_id from tenancy.database_login l where l.login = session_user);

comment on function tenancy.login_user_id() is
'The user for whom a direct SQL login stands; null for any other login';

-- Columns that say who wrote a row call this for each row, so it must inline: no definer, no SET.
-- Its body was parsed when it was created; no search path can put other functions into it.
create function tenancy.current_user_id()
    returns uuid
    stable
    parallel safe
    language sql
return case
    -- No mapped login is a member: tenancy.refuse_gateway_login sees to it.
    when pg_catalog.pg_has_role(session_user, 'tenant_setting', 'member')
        then nullif(pg_catalog.current_setting('qryvanta.user_id', true), '')::pg_catalog.uuid
    else tenancy.login_user_id()
end;

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
    tenancy.current_id(), tenancy.required_id(), tenancy.current_user_id(), tenancy.login_user_id(),
    tenancy.shows_deleted(),
    tenancy.new_id()
to qryvanta_app;

commit;
