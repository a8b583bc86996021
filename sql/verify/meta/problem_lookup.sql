-- Verify qryvanta:meta/problem_lookup on pg

select 'meta.problem_lookup(jsonb)'::regprocedure;
