-- Revert qryvanta:lint/database_public from pg

begin;

drop view lint.database_public;

commit;
