-- Deploy qryvanta:api/purge to pg
-- requires: identity/session
-- requires: identity/token
-- requires: identity/attempt

begin;

set local role qryvanta_owner;

create function api.purge_sessions()
    returns void
    volatile
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    delete from identity.session s
    where least(s.expires_at, s.revoked_at) < now() - interval '30 days';

    -- An unused right that ended long ago explains nothing any more.
    delete from identity.token t
    where least(t.expires_at, t.revoked_at) < now() - interval '90 days';

    delete from identity.attempt a
    where a.last_at < now() - interval '1 day'
        and (a.blocked_until is null or a.blocked_until < now());
$$;

comment on function api.purge_sessions() is
'Forgets sessions that ended 30 days ago, tokens after 90 days and failed sign-ins after one day';

grant execute on function api.purge_sessions() to qryvanta_gateway;

commit;
