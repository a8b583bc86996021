-- Revert qryvanta:lint/policy_missing from pg

begin;

drop view lint.policy_missing;

commit;
