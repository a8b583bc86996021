-- Verify qryvanta:lint/key_tenantless on pg

select name, title, level, object, detail, remediation
from lint.key_tenantless
where false;
