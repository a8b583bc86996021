-- Revert qryvanta:api/actor from pg

begin;

drop function api.actor_role(uuid, uuid, text);

commit;
