-- Verify qryvanta:lint/database_public on pg

select name, title, level, object, detail, remediation
from lint.database_public
where false;
