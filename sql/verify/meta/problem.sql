-- Verify qryvanta:meta/problem on pg

select 'meta.problem(jsonb)'::regprocedure;
select 'meta.problem_resolved(jsonb)'::regprocedure;
select 'meta.problem_given(jsonb)'::regprocedure;
