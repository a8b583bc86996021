-- Verify qryvanta:api/token on pg

select 'api.token_principal(bytea)'::regprocedure;
