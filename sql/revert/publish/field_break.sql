-- Revert qryvanta:publish/field_break from pg

begin;

drop function publish.field_break(jsonb, jsonb);
drop function publish.field_pair(jsonb, jsonb);
drop function publish.lost_choices(jsonb, jsonb);
drop function publish.type_words(jsonb);
drop function publish.is_narrower(jsonb, jsonb, integer, text);
drop type publish.break;

commit;
