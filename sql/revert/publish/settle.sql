-- Revert qryvanta:publish/settle from pg

begin;

drop function publish.settle(jsonb, jsonb);

commit;
