-- Verify qryvanta:tenancy/current on pg

select
    'tenancy.current_id()'::regprocedure, 'tenancy.required_id()'::regprocedure,
    'tenancy.current_user_id()'::regprocedure, 'tenancy.shows_deleted()'::regprocedure;
