-- Verify qryvanta:meta/rule on pg

select rule_id, entity_id, name, check_expression, check_sql, message from meta.rule where false;
select key_id, entity_id, is_unique from meta.key where false;
select key_id, entity_id, field_id from meta.key_field where false;
