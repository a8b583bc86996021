-- Revert qryvanta:publish/rollup from pg

begin;

drop function publish.rebuild(text, text, text, boolean);
drop function publish.rebuild_batch(text, text, text, boolean, uuid, uuid, integer);
drop function publish.published_rollup(text, text, text);

commit;
