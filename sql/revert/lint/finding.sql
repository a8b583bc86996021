-- Revert qryvanta:lint/finding from pg

begin;

drop view lint.finding;

commit;
