-- Deploy qryvanta:api/actor to pg
-- requires: identity/actor

begin;

set local role qryvanta_owner;

create function api.actor_role(tenant_id uuid, user_id uuid, app text)
    returns text
    stable
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select p.actors ->> actor_role.app
    from identity.principal(actor_role.tenant_id, actor_role.user_id, null) p
);

comment on function api.actor_role(uuid, uuid, text) is
'The PostgreSQL role as which a member works in an app; null when the app is closed to them';

grant usage on schema api to qryvanta_gateway;
grant execute on function api.actor_role(uuid, uuid, text) to qryvanta_gateway;

commit;
