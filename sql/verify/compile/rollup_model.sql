-- Verify qryvanta:compile/rollup_model on pg

select 'compile.with_rollups(jsonb)'::regprocedure;
