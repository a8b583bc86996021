-- Verify qryvanta:api/warning on pg

select 'api.warning_rule(regclass)'::regprocedure;
select * from api.warning('meta.app');
