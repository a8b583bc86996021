-- Verify qryvanta:identity/member on pg

select tenant_id, user_id, name, email, state, created_at from identity.member where false;
select 'identity.copy_account()'::regprocedure;

select 1 / count(*) from pg_catalog.pg_class c
where c.oid = 'identity.member'::regclass and c.relrowsecurity and c.relforcerowsecurity;
