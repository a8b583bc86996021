-- Revert qryvanta:compile/step from pg

begin;

drop function compile.field_column(jsonb);
drop function compile.field(jsonb);
drop function compile.entity(jsonb);
drop type compile.definition;
drop type compile.step;

commit;
