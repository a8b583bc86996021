-- Revert qryvanta:publish/definition from pg

begin;

drop table publish.definition;

commit;
