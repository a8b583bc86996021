-- Verify qryvanta:lint/grant_excessive on pg

select name, title, level, object, detail, remediation
from lint.grant_excessive
where false;
