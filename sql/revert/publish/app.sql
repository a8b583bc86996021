-- Revert qryvanta:publish/app from pg

begin;

drop function publish.repair(uuid, boolean);
drop function publish.drift(uuid);
drop function publish.app(uuid, text, boolean);
drop function publish.go_live(uuid, jsonb, text, boolean, uuid);
drop function publish.check_draft(uuid, jsonb, boolean);
drop function publish.version_in_force(uuid);
drop function publish.journal(uuid, uuid, compile.step[]);
drop function publish.keep_version(uuid, jsonb, jsonb, text);
drop function publish.remember(jsonb);
drop function publish.remember_places(jsonb);
drop function publish.refresh_places(uuid);
drop function publish.execute(jsonb, jsonb, boolean, boolean);
drop function publish.remember_built(jsonb);
drop function publish.become(text, text);

commit;
