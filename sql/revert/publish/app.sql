-- Revert qryvanta:publish/app from pg

begin;

drop function publish.app(uuid, text, boolean);
drop function publish.go_live(uuid, jsonb, text, boolean, uuid);
drop function publish.check_draft(uuid, jsonb, boolean);
drop function publish.version_in_force(uuid);
drop function publish.journal(uuid, uuid, compile.step[]);
drop function publish.keep_version(uuid, jsonb, jsonb, text);

commit;
