-- Verify qryvanta:audit/change on pg

select tenant_id, at, change_id, operation, entity_id, row_id, actor_id, old_values, new_values
from audit.change
where false;
select 'audit.ensure_partition(date)'::regprocedure;
