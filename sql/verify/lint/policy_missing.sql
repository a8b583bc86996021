-- Verify qryvanta:lint/policy_missing on pg

select name, title, level, object, detail, remediation
from lint.policy_missing
where false;
