-- Revert qryvanta:lint/mirror_writes from pg

begin;

drop view lint.mirror_writes;

commit;
