-- Verify qryvanta:identity/token on pg

select
    token_id, hash, tenant_id, user_id, name, roles, created_at, expires_at, last_used_at,
    revoked_at
from identity.token
where false;
