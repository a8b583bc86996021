-- Verify qryvanta:lint/function_public on pg

select name, title, level, object, detail, remediation
from lint.function_public
where false;
