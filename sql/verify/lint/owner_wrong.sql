-- Verify qryvanta:lint/owner_wrong on pg

select name, title, level, object, detail, remediation
from lint.owner_wrong
where false;
