-- Revert qryvanta:api/token from pg

begin;

drop function api.token_principal(bytea);

commit;
