-- Verify qryvanta:compile/trigger on pg

select 'compile.desired_trigger(jsonb)'::regprocedure;
select 'compile.desired_function(jsonb)'::regprocedure;
select * from compile.actual_trigger where false;
select * from compile.actual_function where false;
