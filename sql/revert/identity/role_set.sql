-- Revert qryvanta:identity/role_set from pg

begin;

drop function identity.create_role_sets();
drop function identity.create_role_set(text []);
drop function identity.acting_role(text []);
drop function identity.native_role(text, text);

commit;
