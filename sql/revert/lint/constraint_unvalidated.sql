-- Revert qryvanta:lint/constraint_unvalidated from pg

begin;

drop view lint.constraint_unvalidated;

commit;
