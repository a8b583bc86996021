-- Revert qryvanta:lint/foreign_key_sets_null from pg

begin;

drop view lint.foreign_key_sets_null;

commit;
