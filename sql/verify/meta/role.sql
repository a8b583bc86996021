-- Verify qryvanta:meta/role on pg

select role_id, app_id, name from meta.role where false;
select role_id, entity_id, read_scope, may_create, update_scope, delete_scope
from meta.role_grant
where false;
select role_id, field_id, access from meta.field_grant where false;
