-- Verify qryvanta:lint/view_definer on pg

select name, title, level, object, detail, remediation
from lint.view_definer
where false;
