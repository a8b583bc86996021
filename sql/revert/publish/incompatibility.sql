-- Revert qryvanta:publish/incompatibility from pg

begin;

drop function publish.incompatibility(jsonb, jsonb);
drop function publish.without_twins(jsonb, jsonb);
drop function publish.role_break(jsonb, jsonb);
drop function publish.scope_rank(text);
drop function publish.rule_break(jsonb, jsonb);
drop function publish.key_fields(jsonb, text);
drop function publish.entity_break(jsonb, jsonb);

commit;
