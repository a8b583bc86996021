-- Verify qryvanta:compile/rollup_function on pg

select 'compile.rollup_function(jsonb)'::regprocedure;
select 'compile.rollup_trigger(jsonb)'::regprocedure;
