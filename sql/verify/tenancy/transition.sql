-- Verify qryvanta:tenancy/transition on pg

select 'tenancy.refuse_transition()'::regprocedure;
