-- Verify qryvanta:identity/database_login on pg

select
    'identity.create_database_login(uuid, text[], text, text, uuid)'::regprocedure,
    'identity.drop_database_login(name)'::regprocedure;
