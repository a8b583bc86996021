-- Verify qryvanta:meta/element on pg

select 'meta.element(jsonb)'::regprocedure;
