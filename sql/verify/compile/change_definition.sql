-- Verify qryvanta:compile/change_definition on pg

select 'compile.rename_definition_step(jsonb)'::regprocedure;
select 'compile.create_definition_step(jsonb)'::regprocedure;
select 'compile.drop_definition_step(jsonb)'::regprocedure;
