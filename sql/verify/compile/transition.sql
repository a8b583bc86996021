-- Verify qryvanta:compile/transition on pg

select 'compile.value_list(jsonb)'::regprocedure;
select 'compile.transition(jsonb)'::regprocedure;
select 'compile.desired_transition(jsonb)'::regprocedure;
select 'compile.told_transition(jsonb)'::regprocedure;
