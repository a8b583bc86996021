-- Revert qryvanta:meta/field from pg

begin;

drop table meta.field;

commit;
