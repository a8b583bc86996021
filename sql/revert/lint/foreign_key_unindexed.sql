-- Revert qryvanta:lint/foreign_key_unindexed from pg

begin;

drop view lint.foreign_key_unindexed;

commit;
