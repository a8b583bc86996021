-- Revert qryvanta:storage/file from pg

begin;

drop table storage.chunk;
drop table storage.file;

commit;
