-- Verify qryvanta:meta/app on pg

select app_id, tenant_id, name, label, description, icon, language, published_version
from meta.app
where false;
select tenant_id, app_id from tenancy.installation where false;
