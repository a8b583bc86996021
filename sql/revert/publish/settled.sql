-- Revert qryvanta:publish/settled from pg

begin;

drop table publish.settled;

commit;
