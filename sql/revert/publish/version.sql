-- Revert qryvanta:publish/version from pg

begin;

drop function publish.current_manifest(uuid);
drop function publish.unpacked(jsonb);
drop table publish.step;
drop table publish.publication;
drop table publish.version;
drop function publish.refuse_change();

commit;
