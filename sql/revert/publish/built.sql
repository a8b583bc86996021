-- Revert qryvanta:publish/built from pg

begin;

drop table publish.built;

commit;
