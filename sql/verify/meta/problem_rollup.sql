-- Verify qryvanta:meta/problem_rollup on pg

select 'meta.problem_rollup(jsonb)'::regprocedure;
