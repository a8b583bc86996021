-- Verify qryvanta:meta/problem_search on pg

select 'meta.problem_search(jsonb)'::regprocedure;
