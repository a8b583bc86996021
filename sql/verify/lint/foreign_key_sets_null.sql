-- Verify qryvanta:lint/foreign_key_sets_null on pg

select name, title, level, object, detail, remediation
from lint.foreign_key_sets_null
where false;
