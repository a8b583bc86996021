-- Revert qryvanta:tenancy/key from pg

begin;

drop function tenancy.key_low(uuid);
drop function tenancy.key_high(uuid);
drop function tenancy.key_range(bigint);

commit;
