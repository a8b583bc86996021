-- Revert qryvanta:publish/stray from pg

begin;

drop function publish.repair_stray(uuid, boolean);
drop function publish.stray(uuid);
drop function publish.stray_role(jsonb);
drop function publish.stray_right(text);
drop function publish.stray_property(text);
drop function publish.stray_owner(text);
drop function publish.stray_object(text);

commit;
