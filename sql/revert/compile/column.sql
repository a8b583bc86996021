-- Revert qryvanta:compile/column from pg

begin;

drop function compile.drop_column_step(jsonb);
drop function compile.quarantine_name(text);
drop function compile.change_column_step(jsonb);
drop function compile.add_column_step(jsonb);
drop function compile.column_clause(text, text, boolean, text, text);
drop view compile.actual_column;
drop function compile.desired_column(jsonb);
drop function compile.default_of(text, text, uuid, text);

commit;
