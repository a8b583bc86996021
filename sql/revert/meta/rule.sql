-- Revert qryvanta:meta/rule from pg

begin;

drop table meta.key_field;
drop table meta.key;
drop table meta.rule;

commit;
