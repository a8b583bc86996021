-- Revert qryvanta:publish/quarantine from pg

begin;

drop function publish.recovered(uuid, uuid);
drop function publish.purge(uuid, interval);
drop view publish.dropped;

commit;
