-- Verify qryvanta:api/overlap on pg

select 'api.overlap_question(oid)'::regprocedure;
select * from api.overlap('meta.app', '{}');
