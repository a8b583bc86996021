-- Revert qryvanta:publish/execute from pg

begin;

drop function publish.execute(jsonb, jsonb, boolean, boolean);
drop function publish.remember(jsonb);
drop function publish.remember_places(jsonb);
drop function publish.refresh_places(uuid);
drop function publish.remember_built(jsonb);
drop function publish.become(text, text);

commit;
