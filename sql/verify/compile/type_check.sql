-- Verify qryvanta:compile/type_check on pg

select 'compile.type_check(jsonb)'::regprocedure;
select 'compile.markup_check()'::regprocedure;
