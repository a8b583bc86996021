-- Verify qryvanta:compile/table on pg

select 'compile.live_table(jsonb)'::regprocedure;
select 'compile.found_table(jsonb)'::regprocedure;
select 'compile.online_size()'::regprocedure;
select 'compile.next_name(text, text)'::regprocedure;
select 'compile.is_internal(text)'::regprocedure;
select 'compile.quarantine_name(text)'::regprocedure;
select * from compile.actual_column where false;
select * from compile.actual_table where false;
