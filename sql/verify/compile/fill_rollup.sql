-- Verify qryvanta:compile/fill_rollup on pg

select 'compile.fill_rollup_step(jsonb)'::regprocedure;
