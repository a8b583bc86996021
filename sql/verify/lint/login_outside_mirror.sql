-- Verify qryvanta:lint/login_outside_mirror on pg

select name, title, level, object, detail, remediation
from lint.login_outside_mirror
where false;
