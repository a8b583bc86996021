-- Revert qryvanta:compile/table from pg

begin;

drop function compile.live_table(jsonb);
drop function compile.found_table(jsonb);
drop function compile.online_size();
drop function compile.next_name(text, text);
drop function compile.is_internal(text);
drop function compile.quarantine_name(text);
drop view compile.actual_column;
drop view compile.actual_table;

commit;
