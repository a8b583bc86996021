-- Revert qryvanta:compile/column from pg

begin;

drop function compile.column_clause(text, text, boolean, text, text);
drop function compile.live_column(jsonb);
drop function compile.found_column(jsonb);
drop function compile.desired_column(jsonb);
drop function compile.part_of(jsonb, text, text);
drop function compile.target_part(jsonb, text);
drop function compile.draws_number(text);
drop function compile.default_of(text, text, uuid, text);

commit;
