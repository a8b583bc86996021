-- Verify qryvanta:publish/incompatibility on pg

select 'publish.incompatibility(jsonb, jsonb)'::regprocedure;
