-- Verify qryvanta:compile/constraint on pg

select 'compile.with_constraints(jsonb)'::regprocedure;
select 'compile.desired_foreign_key(jsonb)'::regprocedure;
select 'compile.desired_constraint(jsonb)'::regprocedure;
select 'compile.unique_key(jsonb)'::regprocedure;
select 'compile.field_check(jsonb)'::regprocedure;
select 'compile.filled(jsonb)'::regprocedure;
select 'compile.choice_list(jsonb)'::regprocedure;
select 'compile.dependent_choice(jsonb)'::regprocedure;
select 'compile.bound(jsonb, text)'::regprocedure;
select * from compile.actual_constraint where false;
