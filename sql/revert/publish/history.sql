-- Revert qryvanta:publish/history from pg

begin;

drop function publish.restore(uuid, integer);
drop function publish.statement(uuid, integer, integer);
drop function publish.in_force(uuid);
drop function publish.manifest(uuid, integer);

commit;
