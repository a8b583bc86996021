-- Revert qryvanta:lint/change_partition_missing from pg

begin;

drop view lint.change_partition_missing;

commit;
