-- Revert qryvanta:api/login from pg

begin;

drop function api.rehash_password(uuid, text, text);
drop function identity.forgive_attempt(uuid, text);
drop function api.start_session(uuid, text, text, interval, interval, text, text);
drop function api.begin_login(text, text);

commit;
