-- Revert qryvanta:compile/plan from pg

begin;

drop function compile.plan(text);
drop function compile.plan(jsonb);

commit;
