-- Verify qryvanta:compile/hierarchy on pg

select 'compile.hierarchy(jsonb)'::regprocedure, 'compile.hierarchy_rule(jsonb)'::regprocedure;
select 'compile.hierarchy_definition(jsonb)'::regprocedure;
select 'compile.hierarchy_step(jsonb)'::regprocedure;
select * from compile.actual_view where false;
