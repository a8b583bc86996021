-- Verify qryvanta:identity/actor on pg

select
    'identity.principal(uuid, uuid, text [])'::regprocedure,
    'identity.actors(uuid, text [])'::regprocedure;
