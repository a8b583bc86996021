-- Revert qryvanta:lint/name_quoted from pg

begin;

drop view lint.name_quoted;

commit;
