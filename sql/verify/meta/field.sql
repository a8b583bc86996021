-- Verify qryvanta:meta/field on pg

select field_id, app_id, entity_id, name, type, formula_sql, default_sql, choice_list_id,
target_entity_id
from meta.field
where false;
