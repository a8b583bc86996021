-- Verify qryvanta:publish/repair on pg

select 'publish.drift(uuid)'::regprocedure;
select 'publish.repair(uuid, boolean)'::regprocedure;
