-- Revert qryvanta:compile/index from pg

begin;

drop view compile.actual_index;
drop function compile.desired_index(jsonb);
drop function compile.index_columns(jsonb);
drop function compile.asked_index(jsonb);

commit;
