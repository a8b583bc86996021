-- Verify qryvanta:lint/index_invalid on pg

select name, title, level, object, detail, remediation
from lint.index_invalid
where false;
