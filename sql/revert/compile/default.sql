-- Revert qryvanta:compile/default from pg

begin;

drop view compile.actual_default;
drop function compile.desired_default(jsonb);

commit;
