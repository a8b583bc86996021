-- Verify qryvanta:lint/change_default_filled on pg

select name, title, level, object, detail, remediation
from lint.change_default_filled
where false;
