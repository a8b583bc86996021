-- Verify qryvanta:publish/part on pg

select 'publish.parts(jsonb, boolean)'::regprocedure;
