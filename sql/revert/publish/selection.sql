-- Revert qryvanta:publish/selection from pg

begin;

drop function publish.entities(uuid, text [], text, boolean);
drop function publish.selection(jsonb, jsonb, text []);
drop function publish.merged_roles(jsonb, jsonb, text []);
drop function publish.new_names(jsonb, jsonb, jsonb, text []);
drop function publish.merged_entities(jsonb, jsonb, text []);
drop function publish.renamed(jsonb, jsonb);
drop function publish.chosen(jsonb, jsonb, text []);
drop function publish.needed_names(jsonb);
drop function publish.selectable(jsonb);

commit;
