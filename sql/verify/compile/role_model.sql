-- Verify qryvanta:compile/role_model on pg

select 'compile.resolved(jsonb)'::regprocedure;
