-- Verify qryvanta:tenancy/definer on pg

select 'tenancy.act_in(uuid)'::regprocedure, 'tenancy.refuse_snapshot()'::regprocedure;
