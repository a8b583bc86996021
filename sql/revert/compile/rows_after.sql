-- Revert qryvanta:compile/rows_after from pg

begin;

drop function compile.remedy_step(jsonb);
drop function compile.new_rows_only(jsonb);
drop function compile.rows_after(jsonb);
drop function compile.future_value(jsonb);
drop function compile.kept_value(text, jsonb);

commit;
