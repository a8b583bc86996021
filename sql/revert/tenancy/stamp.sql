-- Revert qryvanta:tenancy/stamp from pg

begin;

drop function tenancy.stamp();

commit;
