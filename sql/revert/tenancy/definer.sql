-- Revert qryvanta:tenancy/definer from pg

begin;

drop function tenancy.refuse_snapshot();
drop function tenancy.act_in(uuid);

commit;
