-- Verify qryvanta:compile/situation on pg

select 'compile.situated(jsonb)'::regprocedure;
select 'compile.planned_column(jsonb)'::regprocedure;
select 'compile.remedied_conversion(text, text, text, jsonb)'::regprocedure;
select 'compile.mapped_value(text, jsonb)'::regprocedure;
select 'compile.remedy(jsonb)'::regprocedure;
select 'compile.with_remedies(jsonb)'::regprocedure;
