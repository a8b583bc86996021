-- Verify qryvanta:api/input on pg

begin;

select 1 / has_function_privilege('qryvanta_worker', 'api.is_input(text, text)', 'execute')::int;

rollback;
