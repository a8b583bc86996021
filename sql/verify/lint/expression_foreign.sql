-- Verify qryvanta:lint/expression_foreign on pg

select name, title, level, object, detail, remediation
from lint.expression_foreign
where false;
