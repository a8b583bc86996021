-- Verify qryvanta:publish/incompatibility on pg

select 'publish.without_twins(jsonb, jsonb)'::regprocedure;
select 'publish.incompatibility(jsonb, jsonb)'::regprocedure;
