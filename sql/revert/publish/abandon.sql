-- Revert qryvanta:publish/abandon from pg

begin;

drop function publish.answer(uuid, text, text, text);
drop function publish.unbuild(uuid);
drop function publish.clear(uuid);
drop function publish.fail(uuid, text, text, text);

commit;
