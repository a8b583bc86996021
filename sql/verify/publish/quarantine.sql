-- Verify qryvanta:publish/quarantine on pg

select 'publish.recovered(uuid, uuid)'::regprocedure;
select 'publish.purge(uuid, interval)'::regprocedure;
select * from publish.dropped where false;
