-- Revert qryvanta:lint/gateway_inheriting from pg

begin;

drop view lint.gateway_inheriting;

commit;
