-- Verify qryvanta:meta/identifier on pg

select 'sales_order'::meta.identifier;
select 1 / (meta.name_fault('order', 'entity') is not null)::int;
