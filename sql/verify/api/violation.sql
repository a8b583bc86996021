-- Verify qryvanta:api/violation on pg

select 'api.violation(regclass, jsonb, boolean)'::regprocedure;
