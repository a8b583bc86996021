-- Deploy qryvanta:api/session to pg
-- requires: identity/session
-- requires: identity/actor

begin;

set local role qryvanta_owner;

create function api.session_principal(session_id uuid, kind text)
    returns setof identity.principal
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    session identity.session;
begin
    select s.* into session
    from identity.session s
    where s.session_id = session_principal.session_id
        and s.kind = session_principal.kind
        and s.revoked_at is null
        and s.expires_at > now()
        and s.last_seen_at + s.idle_limit > now();
    if not found then
        return;
    end if;
    if session.last_seen_at < now() - interval '1 minute' then
        update identity.session s
        set last_seen_at = now()
        where s.session_id = session.session_id;
    end if;
    return query select p.* from identity.principal(session.tenant_id, session.user_id, null) p;
end
$$;

comment on function api.session_principal(uuid, text) is
'Who is signed in by this session; no row when it ended. kind: browser or bearer';


create function api.end_session(session_id uuid)
    returns void
    volatile
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    update identity.session s
    set revoked_at = now()
    where s.session_id = end_session.session_id and s.revoked_at is null;
$$;

comment on function api.end_session(uuid) is 'Signs out';

grant execute on function api.session_principal(uuid, text), api.end_session(uuid)
to qryvanta_gateway;

commit;
