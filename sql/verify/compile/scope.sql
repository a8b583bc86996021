-- Verify qryvanta:compile/scope on pg

select 'compile.scoped(jsonb, jsonb)'::regprocedure;
