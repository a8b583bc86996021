-- Verify qryvanta:api/actor on pg

select 1 / has_function_privilege(
    'qryvanta_gateway', 'api.actor_role(uuid, uuid, text)', 'execute'
)::int;
