-- Deploy qryvanta:api/token to pg
-- requires: identity/token
-- requires: identity/actor

begin;

set local role qryvanta_owner;

create function api.token_principal(hash bytea)
    returns setof identity.principal
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    token identity.token;
begin
    select t.* into token
    from identity.token t
    where t.hash = token_principal.hash
        and t.revoked_at is null
        and (t.expires_at is null or t.expires_at > now());
    if not found then
        return;
    end if;
    if token.last_used_at is null or token.last_used_at < now() - interval '1 minute' then
        update identity.token t
        set last_used_at = now()
        where t.token_id = token.token_id;
    end if;
    return query select p.* from identity.principal(token.tenant_id, token.user_id, token.roles) p;
end
$$;

comment on function api.token_principal(bytea) is
'Who is asking by the API token with this sha256; no row when it is unknown, expired or revoked';

grant execute on function api.token_principal(bytea) to qryvanta_gateway;

commit;
