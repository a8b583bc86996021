-- Verify qryvanta:lint/gateway_member on pg

select name, title, level, object, detail, remediation
from lint.gateway_member
where false;
