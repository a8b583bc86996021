-- Revert qryvanta:lint/gateway_member from pg

begin;

drop view lint.gateway_member;

commit;
