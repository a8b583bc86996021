-- Revert qryvanta:lint/change_log_granted from pg

begin;

drop view lint.change_log_granted;

commit;
