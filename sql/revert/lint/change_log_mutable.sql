-- Revert qryvanta:lint/change_log_mutable from pg

begin;

drop view lint.change_log_mutable;

commit;
