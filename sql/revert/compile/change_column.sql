-- Revert qryvanta:compile/change_column from pg

begin;

drop function compile.drop_column_step(jsonb);
drop function compile.change_column_step(jsonb);
drop function compile.number_rows_step(jsonb);
drop function compile.change_type_step(jsonb);
drop function compile.lost_values(text, text, text, text, text, jsonb);
drop function compile.matching_rows(text, text, text);
drop function compile.rename_column_step(jsonb);
drop function compile.add_column_step(jsonb);

commit;
