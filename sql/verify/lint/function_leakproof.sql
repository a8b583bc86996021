-- Verify qryvanta:lint/function_leakproof on pg

select name, title, level, object, detail, remediation
from lint.function_leakproof
where false;
