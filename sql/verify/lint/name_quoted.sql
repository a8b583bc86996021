-- Verify qryvanta:lint/name_quoted on pg

select name, title, level, object, detail, remediation
from lint.name_quoted
where false;
