-- Verify qryvanta:api/draft on pg

select has_function_privilege('qryvanta_gateway', 'api.draft_plan(uuid, uuid, text)', 'execute');
select 'api.replace_draft(uuid, uuid, text, jsonb)'::regprocedure;
