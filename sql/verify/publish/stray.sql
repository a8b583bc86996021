-- Verify qryvanta:publish/stray on pg

select 'publish.stray_object(text)'::regprocedure;
select 'publish.stray_owner(text)'::regprocedure;
select 'publish.stray_property(text)'::regprocedure;
select 'publish.stray_right(text)'::regprocedure;
select 'publish.stray_role(jsonb)'::regprocedure;
select 'publish.stray(uuid)'::regprocedure;
select 'publish.repair_stray(uuid, boolean)'::regprocedure;
