-- Verify qryvanta:api/violation on pg

select 'api.is_readable(text, text)'::regprocedure, 'api.violation(regclass, jsonb, boolean)'::regprocedure;
