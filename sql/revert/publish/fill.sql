-- Revert qryvanta:publish/fill from pg

begin;

drop table publish.fill;

commit;
