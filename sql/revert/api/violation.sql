-- Revert qryvanta:api/violation from pg

begin;

drop function api.violation(regclass, jsonb, boolean);
drop function api.candidate(regclass, jsonb, boolean);
drop function api.unreadable_column(regclass, jsonb);
drop function api.evaluated(regclass, jsonb, text);
revoke execute on function api.is_input(text, text) from qryvanta_gateway;

commit;
