-- Revert qryvanta:compile/change_definition from pg

begin;

drop function compile.rename_definition_step(jsonb);
drop function compile.create_definition_step(jsonb);
drop function compile.drop_definition_step(jsonb);

commit;
