-- Verify qryvanta:compile/policy on pg

select 'compile.desired_policy(jsonb)'::regprocedure;
select 'compile.row_condition(text, boolean)'::regprocedure;
select 'compile.grant_row(jsonb)'::regprocedure;
select * from compile.actual_policy where false;
