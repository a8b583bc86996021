-- Verify qryvanta:compile/role on pg

select 'compile.membership_step(jsonb)'::regprocedure;
select 'compile.desired_membership(jsonb)'::regprocedure;
select 'compile.role_step(jsonb)'::regprocedure;
select 'compile.desired_role(jsonb)'::regprocedure;
