-- Verify qryvanta:tenancy/hierarchy on pg

select tenant_id, entity_id, moves from tenancy.hierarchy where false;
select 'tenancy.lock_hierarchy(uuid, uuid)'::regprocedure;
