-- Verify qryvanta:compile/searched on pg

select 'compile.searched(jsonb)'::regprocedure;
select 'compile.searched_text(jsonb)'::regprocedure;
select 'compile.searchable_type()'::regprocedure;
