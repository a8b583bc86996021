-- Verify qryvanta:compile/model on pg

select 'compile.resolved_entities(jsonb)'::regprocedure;
