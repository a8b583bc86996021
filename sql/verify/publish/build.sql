-- Verify qryvanta:publish/build on pg

select 'publish.settle_built(uuid)'::regprocedure;
select 'publish.built_grant(jsonb, jsonb)'::regprocedure;
