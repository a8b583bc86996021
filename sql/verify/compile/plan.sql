-- Verify qryvanta:compile/plan on pg

select 'compile.plan(text)'::regprocedure;
select 'compile.plan(jsonb)'::regprocedure;
