-- Verify qryvanta:compile/create_table on pg

select 'compile.owner_step(jsonb)'::regprocedure;
select 'compile.row_security_step(jsonb)'::regprocedure;
select 'compile.drop_table_step(jsonb)'::regprocedure;
select 'compile.rename_table_step(jsonb)'::regprocedure;
select 'compile.create_table_step(jsonb)'::regprocedure;
select 'compile.schema_step(jsonb)'::regprocedure;
