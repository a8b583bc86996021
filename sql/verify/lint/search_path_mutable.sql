-- Verify qryvanta:lint/search_path_mutable on pg

select name, title, level, object, detail, remediation
from lint.search_path_mutable
where false;
