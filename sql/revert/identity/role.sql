-- Revert qryvanta:identity/role from pg

begin;

drop function identity.granted_roles(uuid, uuid, text []);
drop table identity.member_role;

commit;
