-- Verify qryvanta:lint/mirror_writes on pg

select name, title, level, object, detail, remediation
from lint.mirror_writes
where false;
