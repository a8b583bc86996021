-- Verify qryvanta:compile/rollup on pg

select 'compile.rollup(jsonb)'::regprocedure, 'compile.fill_rollup_step(jsonb)'::regprocedure;
