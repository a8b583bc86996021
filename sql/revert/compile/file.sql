-- Revert qryvanta:compile/file from pg

begin;

drop function compile.file_constraint(jsonb);
drop function compile.file_size(bigint);
drop function compile.file_definition(jsonb);
drop function compile.file_column(jsonb);

commit;
