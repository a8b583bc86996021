-- Verify qryvanta:publish/version on pg

select 'publish.current_manifest(uuid)'::regprocedure;
select 'publish.unpacked(jsonb)'::regprocedure;
select 'publish.refuse_change()'::regprocedure;
select * from publish.step where false;
select * from publish.version where false;
