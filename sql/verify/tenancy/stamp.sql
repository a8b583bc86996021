-- Verify qryvanta:tenancy/stamp on pg

select 'tenancy.stamp()'::regprocedure;
