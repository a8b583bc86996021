-- Verify qryvanta:api/login on pg

select
    'api.begin_login(text, text)'::regprocedure,
    'api.start_session(uuid, text, text, interval, interval, text, text)'::regprocedure,
    'api.rehash_password(uuid, text, text)'::regprocedure,
    'identity.forgive_attempt(uuid, text)'::regprocedure;
