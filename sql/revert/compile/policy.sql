-- Revert qryvanta:compile/policy from pg

begin;

drop view compile.actual_policy;
drop function compile.desired_policy(jsonb);
drop function compile.row_condition(text, boolean);
drop function compile.grant_row(jsonb);

commit;
