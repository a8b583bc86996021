-- Revert qryvanta:compile/create_table from pg

begin;

drop function compile.owner_step(jsonb);
drop function compile.row_security_step(jsonb);
drop function compile.drop_table_step(jsonb);
drop function compile.rename_table_step(jsonb);
drop function compile.create_table_step(jsonb);
drop function compile.schema_step(jsonb);

commit;
