-- Verify qryvanta:compile/rows_after on pg

select 'compile.remedy_step(jsonb)'::regprocedure;
select 'compile.new_rows_only(jsonb)'::regprocedure;
select 'compile.rows_after(jsonb)'::regprocedure;
select 'compile.future_value(jsonb)'::regprocedure;
select 'compile.kept_value(text, jsonb)'::regprocedure;
