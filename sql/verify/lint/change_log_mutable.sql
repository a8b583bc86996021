-- Verify qryvanta:lint/change_log_mutable on pg

select name, title, level, object, detail, remediation
from lint.change_log_mutable
where false;
