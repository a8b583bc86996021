-- Verify qryvanta:identity/session on pg

select
    session_id, kind, tenant_id, user_id, created_at, last_seen_at, expires_at, idle_limit,
    user_agent, address, revoked_at
from identity.session
where false;

select 'identity.revoke_sessions(uuid)'::regprocedure;
