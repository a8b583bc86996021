-- Revert qryvanta:identity/database_login from pg

begin;

drop function identity.drop_database_login(name);
drop function identity.create_database_login(uuid, text[], text, text, uuid);

commit;
