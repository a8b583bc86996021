-- Verify qryvanta:publish/field_break on pg

select 'publish.field_break(jsonb, jsonb)'::regprocedure;
