-- Verify qryvanta:lint/role_too_powerful on pg

select name, title, level, object, detail, remediation
from lint.role_too_powerful
where false;
