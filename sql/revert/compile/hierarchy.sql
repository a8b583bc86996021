-- Revert qryvanta:compile/hierarchy from pg

begin;

drop function compile.hierarchy_step(jsonb);
drop view compile.actual_view;
drop function compile.hierarchy_definition(jsonb);
drop function compile.hierarchy_view(jsonb);
drop function compile.hierarchy_trigger(jsonb);
drop function compile.hierarchy_function(jsonb);
drop function compile.hierarchy_rule(jsonb);
drop function compile.hierarchy(jsonb);

commit;
