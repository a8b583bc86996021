-- Verify qryvanta:lint/change_partition_missing on pg

select name, title, level, object, detail, remediation
from lint.change_partition_missing
where false;
