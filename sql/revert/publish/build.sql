-- Revert qryvanta:publish/build from pg

begin;

drop function publish.built_grant(jsonb, jsonb);
drop function publish.settle_built(uuid);

commit;
