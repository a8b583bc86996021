-- Verify qryvanta:compile/internal on pg

select 'compile.internal_column(jsonb)'::regprocedure;
