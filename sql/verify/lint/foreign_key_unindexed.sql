-- Verify qryvanta:lint/foreign_key_unindexed on pg

select name, title, level, object, detail, remediation
from lint.foreign_key_unindexed
where false;
