-- Verify qryvanta:lint/blocking_function_public on pg

select name, title, level, object, detail, remediation
from lint.blocking_function_public
where false;
