-- Revert qryvanta:tenancy/tenant from pg

begin;

drop table tenancy.database_login;
drop function tenancy.refuse_gateway_login();
drop table tenancy.tenant;

commit;
