-- Verify qryvanta:compile/model on pg

select 'compile.resolved_entities(jsonb)'::regprocedure;
select 'compile.resolved_entity(jsonb, jsonb)'::regprocedure;
select 'compile.relation_entity(jsonb)'::regprocedure;
select 'compile.relation_ends(jsonb)'::regprocedure;
select 'compile.resolved_field(jsonb, jsonb, jsonb)'::regprocedure;
select 'compile.file_limits(jsonb, jsonb)'::regprocedure;
select 'compile.field_columns(jsonb)'::regprocedure;
select 'compile.target_columns(jsonb)'::regprocedure;
select 'compile.column_entry(text, text, text, text)'::regprocedure;
select 'compile.resolved_choices(jsonb, jsonb)'::regprocedure;
