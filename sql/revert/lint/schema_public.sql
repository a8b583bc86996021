-- Revert qryvanta:lint/schema_public from pg

begin;

drop view lint.schema_public;

commit;
