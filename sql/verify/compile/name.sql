-- Verify qryvanta:compile/name on pg

select 1 / (octet_length(compile.derived_name(repeat('a', 60))) = 50)::int;
select 'compile.sql_type(text, integer, integer)'::regprocedure,
'compile.plural(text)'::regprocedure;
