-- Verify qryvanta:compile/search on pg

select 'compile.search(jsonb)'::regprocedure;
select 'compile.search_function(jsonb)'::regprocedure;
select 'compile.search_policy(jsonb)'::regprocedure;
select 'compile.search_index(jsonb)'::regprocedure;
select 'compile.search_grant(jsonb)'::regprocedure;
