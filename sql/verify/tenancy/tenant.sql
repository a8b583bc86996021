-- Verify qryvanta:tenancy/tenant on pg

select tenant_id, name, label, time_zone from tenancy.tenant where false;
select login, tenant_id, user_id from tenancy.database_login where false;
