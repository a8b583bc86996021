-- Revert qryvanta:publish/notice from pg

begin;

drop trigger version_breaks on publish.version;
drop function publish.note_breaks();
drop table publish.notice;

commit;
