-- Verify qryvanta:compile/plan on pg

select 'compile.plan(jsonb)'::regprocedure;
