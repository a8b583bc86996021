-- Verify qryvanta:lint/finding on pg

select name, title, level, object, detail, remediation
from lint.finding
where false;
