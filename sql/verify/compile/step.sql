-- Verify qryvanta:compile/step on pg

select null::compile.step, null::compile.definition;
select 'compile.field(jsonb)'::regprocedure, 'compile.field_column(jsonb)'::regprocedure;
