-- Verify qryvanta:api/purge on pg

begin;

select has_function_privilege('qryvanta_gateway', 'api.purge_sessions()', 'execute');

rollback;
