-- Verify qryvanta:lint/materialized_view_granted on pg

select name, title, level, object, detail, remediation
from lint.materialized_view_granted
where false;
