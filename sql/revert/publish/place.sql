-- Revert qryvanta:publish/place from pg

begin;

drop view publish.placement;
drop table publish.place;

commit;
