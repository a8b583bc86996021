-- Verify qryvanta:publish/lost_role on pg

select 'publish.refuse_lost_roles(uuid, jsonb)'::regprocedure;
