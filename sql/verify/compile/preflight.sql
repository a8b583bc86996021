-- Verify qryvanta:compile/preflight on pg

select 'compile.preflight(text)'::regprocedure;
select 'compile.preflight(jsonb)'::regprocedure;
select 'compile.demand(jsonb)'::regprocedure;
select 'compile.rewritten_field(jsonb)'::regprocedure;
