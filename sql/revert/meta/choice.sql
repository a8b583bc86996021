-- Revert qryvanta:meta/choice from pg

begin;

drop table meta.choice;
drop table meta.choice_list;

commit;
