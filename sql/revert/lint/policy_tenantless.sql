-- Revert qryvanta:lint/policy_tenantless from pg

begin;

drop view lint.policy_tenantless;

commit;
