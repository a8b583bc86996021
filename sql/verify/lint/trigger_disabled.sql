-- Verify qryvanta:lint/trigger_disabled on pg

select name, title, level, object, detail, remediation
from lint.trigger_disabled
where false;
