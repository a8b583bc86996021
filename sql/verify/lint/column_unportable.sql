-- Verify qryvanta:lint/column_unportable on pg

select name, title, level, object, detail, remediation
from lint.column_unportable
where false;
