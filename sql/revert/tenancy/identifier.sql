-- Revert qryvanta:tenancy/identifier from pg

begin;

drop function tenancy.new_id();

commit;
