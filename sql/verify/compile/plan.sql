-- Verify qryvanta:compile/plan on pg

select 'compile.plan(text)'::regprocedure;
select 'compile.plan(jsonb)'::regprocedure;
select 'compile.lock_of(text)'::regprocedure;
select 'compile.repair_step(jsonb)'::regprocedure;
select 'compile.steps(jsonb)'::regprocedure;
select 'compile.step_of(jsonb, boolean)'::regprocedure;
