-- Verify qryvanta:lint/partition_granted on pg

select name, title, level, object, detail, remediation
from lint.partition_granted
where false;
