-- Verify qryvanta:compile/rollup on pg

select 'compile.rollup(jsonb)'::regprocedure;
