-- Revert qryvanta:lint/audit_trigger_missing from pg

begin;

drop view lint.audit_trigger_missing;

commit;
