-- Verify qryvanta:compile/preflight on pg

select 'compile.preflight(text)'::regprocedure;
select 'compile.broken_rows(text, text, uuid)'::regprocedure;
select 'compile.preflight(jsonb, uuid)'::regprocedure;
select 'compile.demand(jsonb)'::regprocedure;
select 'compile.rewritten_field(jsonb)'::regprocedure;
