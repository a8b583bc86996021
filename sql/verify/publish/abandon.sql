-- Verify qryvanta:publish/abandon on pg

select 'publish.fail(uuid, text)'::regprocedure;
select 'publish.clear(uuid)'::regprocedure;
select 'publish.unbuild(uuid)'::regprocedure;
