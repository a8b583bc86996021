-- Revert qryvanta:publish/difference from pg

begin;

drop function publish.difference(jsonb, jsonb);
drop function publish.changed_order(publish.part [], publish.part []);
drop function publish.changed_property(publish.part, publish.part);
drop function publish.sentence(publish.part, text, text, jsonb, jsonb);
drop function publish.right_sentence(publish.part, text, jsonb, jsonb);
drop function publish.rights_words(jsonb);
drop function publish.scope_words(jsonb);
drop function publish.shown(jsonb);

commit;
