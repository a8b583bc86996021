-- Revert qryvanta:tenancy/hierarchy from pg

begin;

drop function tenancy.lock_hierarchy(uuid, uuid);
drop table tenancy.hierarchy;

commit;
