-- Verify qryvanta:compile/default on pg

select 'compile.desired_default(jsonb)'::regprocedure;
select * from compile.actual_default where false;
