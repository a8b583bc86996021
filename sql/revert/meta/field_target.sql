-- Revert qryvanta:meta/field_target from pg

begin;

drop function meta.targets(uuid);
drop table meta.field_target;

commit;
