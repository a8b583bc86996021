-- Verify qryvanta:lint/policy_public on pg

select name, title, level, object, detail, remediation
from lint.policy_public
where false;
