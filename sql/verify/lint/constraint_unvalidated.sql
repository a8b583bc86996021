-- Verify qryvanta:lint/constraint_unvalidated on pg

select name, title, level, object, detail, remediation
from lint.constraint_unvalidated
where false;
