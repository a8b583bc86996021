-- Revert qryvanta:compile/definition from pg

begin;

drop function compile.definition_step(jsonb);
drop function compile.definition_difference(jsonb);
drop function compile.definition_kind();
drop function compile.actual_definition(text);
drop function compile.desired_definition(jsonb);

commit;
