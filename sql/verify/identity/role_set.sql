-- Verify qryvanta:identity/role_set on pg

select
    'identity.create_role_sets()'::regprocedure,
    'identity.create_role_set(text [])'::regprocedure,
    'identity.acting_role(text [])'::regprocedure,
    'identity.native_role(text, text)'::regprocedure;
