-- Revert qryvanta:api/draft from pg

begin;

drop function api.replace_draft(uuid, uuid, text, jsonb);
drop function api.draft_problems(uuid, uuid, jsonb);
drop function api.draft_difference(uuid, uuid, text, integer, integer);
drop function api.draft_versions(uuid, uuid, text);
drop function api.draft_plan(uuid, uuid, text);
drop function api.draft_manifest(uuid, uuid, text, integer);
drop function api.draft_apps(uuid, uuid);
drop function api.draft_id(uuid, uuid, text);
drop function api.require_builder(uuid, uuid);

commit;
