-- Revert qryvanta:compile/plan from pg

begin;

drop function compile.plan(text);
drop function compile.plan(jsonb);
drop function compile.lock_of(text);
drop function compile.repair_step(jsonb);
drop function compile.steps(jsonb);
drop function compile.step_of(jsonb, boolean);

commit;
