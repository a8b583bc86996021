-- Verify qryvanta:lint/policy_tenantless on pg

select name, title, level, object, detail, remediation
from lint.policy_tenantless
where false;
