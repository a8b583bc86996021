-- Verify qryvanta:meta/entity on pg

select entity_id, app_id, position, name, title, title_sql, ownership, audit, recycle
from meta.entity
where false;
