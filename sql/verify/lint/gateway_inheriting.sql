-- Verify qryvanta:lint/gateway_inheriting on pg

select name, title, level, object, detail, remediation
from lint.gateway_inheriting
where false;
