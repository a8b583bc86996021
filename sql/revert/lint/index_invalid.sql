-- Revert qryvanta:lint/index_invalid from pg

begin;

drop view lint.index_invalid;

commit;
