-- Verify qryvanta:lint/rls_missing on pg

select name, title, level, object, detail, remediation
from lint.rls_missing
where false;
