-- Verify qryvanta:lint/audit_trigger_missing on pg

select name, title, level, object, detail, remediation
from lint.audit_trigger_missing
where false;
