-- Revert qryvanta:meta/entity from pg

begin;

drop table meta.entity;

commit;
