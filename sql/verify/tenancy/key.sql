-- Verify qryvanta:tenancy/key on pg

select 1 / (
    tenancy.key_high('7fffffff-ffff-ffff-0000-000000000001')
    && tenancy.key_range(9223372036854775807)
)::int;
select 1 / (
    tenancy.key_low('7fffffff-ffff-ffff-0000-000000000001') = tenancy.key_range(1)
)::int;
