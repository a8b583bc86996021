-- Verify qryvanta:publish/place on pg

select p.app_id, p.element_id, p.part, p.table_name, p.column_name from publish.placement p
where false;
