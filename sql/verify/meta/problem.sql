-- Verify qryvanta:meta/problem on pg

select 'meta.problem(jsonb)'::regprocedure;
