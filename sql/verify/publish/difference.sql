-- Verify qryvanta:publish/difference on pg

select 'publish.difference(jsonb, jsonb)'::regprocedure;
