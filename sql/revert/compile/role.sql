-- Revert qryvanta:compile/role from pg

begin;

drop function compile.membership_step(jsonb);
drop function compile.desired_membership(jsonb);
drop function compile.role_step(jsonb);
drop function compile.desired_role(jsonb);

commit;
