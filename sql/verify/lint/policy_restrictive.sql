-- Verify qryvanta:lint/policy_restrictive on pg

select name, title, level, object, detail, remediation
from lint.policy_restrictive
where false;
