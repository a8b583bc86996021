-- Verify qryvanta:meta/alias on pg

select app_id, foreign_id, element_id from meta.alias where false;
select 'meta.remapped(jsonb, uuid)'::regprocedure;
