-- Revert qryvanta:publish/repair from pg

begin;

drop function publish.repair(uuid, boolean);
drop function publish.drift(uuid);

commit;
