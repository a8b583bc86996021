-- Revert qryvanta:publish/part from pg

begin;

drop function publish.parts(jsonb, boolean);
drop function publish.right_parts(publish.part []);
drop function publish.choice_parts(publish.part []);
drop function publish.key_parts(publish.part []);
drop function publish.entity_parts(publish.part []);
drop function publish.elements(jsonb, boolean);
drop function publish.identified(jsonb, jsonb);
drop function publish.spoken(text);
drop type publish.part;

commit;
