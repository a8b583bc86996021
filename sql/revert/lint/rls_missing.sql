-- Revert qryvanta:lint/rls_missing from pg

begin;

drop view lint.rls_missing;

commit;
