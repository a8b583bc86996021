-- Revert qryvanta:lint/view_definer from pg

begin;

drop view lint.view_definer;

commit;
