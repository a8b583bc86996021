-- Revert qryvanta:tenancy/transition from pg

begin;

drop function tenancy.refuse_transition();

commit;
