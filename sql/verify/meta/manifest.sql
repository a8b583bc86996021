-- Verify qryvanta:meta/manifest on pg

select 'meta.manifest(uuid)'::regprocedure;
