-- Verify qryvanta:lint/change_log_granted on pg

select name, title, level, object, detail, remediation
from lint.change_log_granted
where false;
