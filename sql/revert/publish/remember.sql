-- Revert qryvanta:publish/remember from pg

begin;

drop function publish.remember(jsonb);
drop function publish.remember_places(jsonb);
drop function publish.refresh_places(jsonb);
drop function publish.remember_built(jsonb);

commit;
