-- Verify qryvanta:identity/account on pg

select user_id, email, name, password_hash, password_changed_at, disabled_at, created_at
from identity.account
where false;
