-- Revert qryvanta:lint/subject from pg

begin;

drop function lint.own_role();
drop function lint.relation_right();
drop function lint.row_policy();
drop function lint.routine();
drop function lint.relation();
drop function lint.subject_schema();

commit;
