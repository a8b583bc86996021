-- Verify qryvanta:publish/dependent on pg

select 'publish.breaks(uuid)'::regprocedure, 'publish.refuse_obstacles(uuid, jsonb)'::regprocedure;
select table_id, column_no, object, owner, definition from publish.dependent where false;
