-- Revert qryvanta:api/match from pg

begin;

drop function api.match(regclass, text, tsquery, text);
drop function api.has_parts(regclass);
drop function api.is_frequent(regclass, text, tsquery, text);
revoke execute on function tenancy.current_id() from qryvanta_search;
revoke usage on schema api, tenancy from qryvanta_search;

commit;
