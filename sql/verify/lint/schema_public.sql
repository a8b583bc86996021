-- Verify qryvanta:lint/schema_public on pg

select name, title, level, object, detail, remediation
from lint.schema_public
where false;
