-- Revert qryvanta:api/rights from pg

begin;

drop function api.rights(text, text, text);

commit;
