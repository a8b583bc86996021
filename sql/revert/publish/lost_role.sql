-- Revert qryvanta:publish/lost_role from pg

begin;

drop function publish.refuse_lost_roles(uuid, jsonb);

commit;
