-- Revert qryvanta:api/warning from pg

begin;

drop function api.warning(regclass);
drop function api.warning_rule(regclass);

commit;
