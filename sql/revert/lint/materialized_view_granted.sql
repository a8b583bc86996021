-- Revert qryvanta:lint/materialized_view_granted from pg

begin;

drop view lint.materialized_view_granted;

commit;
