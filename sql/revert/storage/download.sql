-- Revert qryvanta:storage/download from pg

begin;

drop function storage.content(uuid, integer, integer);
drop function storage.described(uuid[]);

commit;
