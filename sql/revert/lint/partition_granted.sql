-- Revert qryvanta:lint/partition_granted from pg

begin;

drop view lint.partition_granted;

commit;
