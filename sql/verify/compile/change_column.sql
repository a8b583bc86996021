-- Verify qryvanta:compile/change_column on pg

select 'compile.drop_column_step(jsonb)'::regprocedure;
select 'compile.change_column_step(jsonb)'::regprocedure;
select 'compile.number_rows_step(jsonb)'::regprocedure;
select 'compile.change_type_step(jsonb)'::regprocedure;
select 'compile.lost_values(text, text, text, text, text, jsonb)'::regprocedure;
select 'compile.matching_rows(text, text, text)'::regprocedure;
select 'compile.rename_column_step(jsonb)'::regprocedure;
select 'compile.add_column_step(jsonb)'::regprocedure;
