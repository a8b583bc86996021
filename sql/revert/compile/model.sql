-- Revert qryvanta:compile/model from pg

begin;

drop function compile.resolved_entities(jsonb);
drop function compile.resolved_entity(jsonb, jsonb);
drop function compile.relation_entity(jsonb);
drop function compile.relation_ends(jsonb);
drop function compile.resolved_field(jsonb, jsonb, jsonb);
drop function compile.file_limits(jsonb, jsonb);
drop function compile.field_columns(jsonb);
drop function compile.target_columns(jsonb);
drop function compile.column_entry(text, text, text, text);
drop function compile.resolved_choices(jsonb, jsonb);

commit;
