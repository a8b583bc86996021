-- Revert qryvanta:publish/drift_difference from pg

begin;

drop function publish.drift_difference(uuid);
drop function publish.drift_words(text, text[], text, text, text, text);
drop function publish.drift_definition(text);
drop function publish.drift_steps(uuid);
drop function publish.drift_object(text);

commit;
