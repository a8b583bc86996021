-- Revert qryvanta:lint/key_tenantless from pg

begin;

drop view lint.key_tenantless;

commit;
