-- Revert qryvanta:lint/policy_public from pg

begin;

drop view lint.policy_public;

commit;
