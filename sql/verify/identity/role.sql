-- Verify qryvanta:identity/role on pg

select tenant_id, user_id, app, role, created_at from identity.member_role where false;
select 'identity.granted_roles(uuid, uuid, text [])'::regprocedure;
