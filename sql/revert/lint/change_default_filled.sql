-- Revert qryvanta:lint/change_default_filled from pg

begin;

drop view lint.change_default_filled;

commit;
