-- Verify qryvanta:compile/column on pg

select 'compile.drop_column_step(jsonb)'::regprocedure;
select 'compile.quarantine_name(text)'::regprocedure;
select 'compile.change_column_step(jsonb)'::regprocedure;
select 'compile.add_column_step(jsonb)'::regprocedure;
select 'compile.column_clause(text, text, boolean, text, text)'::regprocedure;
select 'compile.desired_column(jsonb)'::regprocedure;
select 'compile.default_of(text, text, uuid, text)'::regprocedure;
select * from compile.actual_column where false;
