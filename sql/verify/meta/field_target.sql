-- Verify qryvanta:meta/field_target on pg

select app_id, field_id, position, target_entity_id from meta.field_target where false;
select 'meta.targets(uuid)'::regprocedure;
