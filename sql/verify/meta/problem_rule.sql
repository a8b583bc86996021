-- Verify qryvanta:meta/problem_rule on pg

select 'meta.problem_rule(jsonb)'::regprocedure;
select 'meta.overlap_part(jsonb)'::regprocedure;
select 'meta.rule_field(jsonb)'::regprocedure;
