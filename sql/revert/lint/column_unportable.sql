-- Revert qryvanta:lint/column_unportable from pg

begin;

drop view lint.column_unportable;

commit;
