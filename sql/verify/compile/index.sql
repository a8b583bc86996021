-- Verify qryvanta:compile/index on pg

select 'compile.desired_index(jsonb)'::regprocedure;
select 'compile.index_columns(jsonb)'::regprocedure;
select 'compile.asked_index(jsonb)'::regprocedure;
select * from compile.actual_index where false;
