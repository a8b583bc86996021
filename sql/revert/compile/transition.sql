-- Revert qryvanta:compile/transition from pg

begin;

drop function compile.told_transition(jsonb);
drop function compile.desired_transition(jsonb);
drop function compile.transition(jsonb);
drop function compile.value_list(jsonb);

commit;
