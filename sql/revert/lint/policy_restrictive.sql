-- Revert qryvanta:lint/policy_restrictive from pg

begin;

drop view lint.policy_restrictive;

commit;
