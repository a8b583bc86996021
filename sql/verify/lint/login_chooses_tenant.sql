-- Verify qryvanta:lint/login_chooses_tenant on pg

select name, title, level, object, detail, remediation
from lint.login_chooses_tenant
where false;
