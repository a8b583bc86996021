-- Verify qryvanta:publish/settle on pg

select 'publish.settle(jsonb, jsonb)'::regprocedure;
