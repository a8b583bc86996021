-- Verify qryvanta:meta/problem_whole on pg

select 'meta.problem_whole(jsonb)'::regprocedure;
select 'meta.whole_type()'::regprocedure;
