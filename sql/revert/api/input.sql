-- Revert qryvanta:api/input from pg

begin;

revoke usage on schema api from qryvanta_worker;
drop function api.is_input(text, text);

commit;
