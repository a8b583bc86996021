-- Revert qryvanta:api/publication from pg

begin;

drop function api.draft_preflight(uuid, uuid, text);
drop function api.publication(uuid, uuid, text, uuid);
drop function api.request_publication(uuid, uuid, text, text, boolean);

commit;
