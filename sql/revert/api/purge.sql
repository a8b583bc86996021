-- Revert qryvanta:api/purge from pg

begin;

set local role qryvanta_owner;

drop function api.purge_sessions();

commit;
