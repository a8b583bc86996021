-- Verify qryvanta:lint/owner_reachable on pg

select name, title, level, object, detail, remediation
from lint.owner_reachable
where false;
