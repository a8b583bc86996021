-- Verify qryvanta:identity/app_role on pg

select
    'identity.create_app_role(text)'::regprocedure,
    'identity.grant_app_role(text, text)'::regprocedure,
    'identity.drop_app_role(text)'::regprocedure;
