-- Revert qryvanta:identity/user from pg

begin;

drop function identity.disable_user(uuid);
drop function identity.set_password(uuid, text);
drop function identity.add_member(uuid, uuid);
drop function identity.create_user(text, text, text);
drop function identity.withdraw_roles(uuid, uuid, text []);
drop function identity.assign_roles(uuid, uuid, text []);
drop function identity.role_names(uuid);

commit;
