-- Verify qryvanta:meta/problem_name on pg

select 'meta.problem_name(jsonb)'::regprocedure;
