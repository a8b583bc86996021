-- Verify qryvanta:meta/store on pg

select 'meta.store(jsonb, uuid)'::regprocedure;
