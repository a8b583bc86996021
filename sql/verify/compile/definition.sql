-- Verify qryvanta:compile/definition on pg

select 'compile.definition_step(jsonb)'::regprocedure;
select 'compile.definition_difference(jsonb)'::regprocedure;
select 'compile.definition_kind()'::regprocedure;
select 'compile.actual_definition(text)'::regprocedure;
select 'compile.desired_definition(jsonb)'::regprocedure;
