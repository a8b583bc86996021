-- Verify qryvanta:meta/problem_derived on pg

select 'meta.problem_role(jsonb)'::regprocedure;
select 'meta.problem_derived(jsonb)'::regprocedure;
select 'meta.problem_column(jsonb)'::regprocedure;
