-- Revert qryvanta:api/model from pg

begin;

drop function api.published_model();
drop function api.published_version();

commit;
