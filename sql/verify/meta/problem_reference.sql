-- Verify qryvanta:meta/problem_reference on pg

select 'meta.problem_cycle(jsonb)'::regprocedure;
select 'meta.problem_reference(jsonb)'::regprocedure;
