-- Revert qryvanta:lint/trigger_disabled from pg

begin;

drop view lint.trigger_disabled;

commit;
