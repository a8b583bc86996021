-- Verify qryvanta:compile/file on pg

select 'compile.file_column(jsonb)'::regprocedure;
select 'compile.file_definition(jsonb)'::regprocedure;
select 'compile.file_size(bigint)'::regprocedure;
select 'compile.file_constraint(jsonb)'::regprocedure;
