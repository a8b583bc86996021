-- Revert qryvanta:compile/trigger from pg

begin;

drop view compile.actual_trigger;
drop view compile.actual_function;
drop function compile.desired_trigger(jsonb);
drop function compile.desired_function(jsonb);

commit;
