-- Verify qryvanta:compile/rule on pg

select 'compile.rule(jsonb)'::regprocedure;
select 'compile.overlap_field(jsonb)'::regprocedure;
select 'compile.same_key(text, text)'::regprocedure;
select 'compile.overlap(jsonb)'::regprocedure;
select 'compile.period(jsonb)'::regprocedure;
select 'compile.desired_rule(jsonb)'::regprocedure;
select 'compile.rule_fields(jsonb, text)'::regprocedure;
select 'compile.told_rule(jsonb)'::regprocedure;
