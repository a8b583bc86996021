-- Revert qryvanta:api/session from pg

begin;

drop function api.end_session(uuid);
drop function api.session_principal(uuid, text);

commit;
