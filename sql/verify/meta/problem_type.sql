-- Verify qryvanta:meta/problem_type on pg

select 'meta.problem_choice(jsonb)'::regprocedure;
select 'meta.problem_type(jsonb)'::regprocedure;
select 'meta.parameter_type()'::regprocedure;
select 'meta.pattern_fault(text)'::regprocedure;
select 'meta.castable(text, text)'::regprocedure;
