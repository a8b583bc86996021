-- Verify qryvanta:api/rights on pg

select 'api.rights(text, text, text)'::regprocedure;
