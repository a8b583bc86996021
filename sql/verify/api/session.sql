-- Verify qryvanta:api/session on pg

select
    'api.session_principal(uuid, text)'::regprocedure, 'api.end_session(uuid)'::regprocedure;
