-- Revert qryvanta:compile/preflight from pg

begin;

drop function compile.preflight(text);
drop function compile.preflight(jsonb, uuid);
drop function compile.broken_rows(text, text, uuid);
drop function compile.demand(jsonb);
drop function compile.rewritten_field(jsonb);

commit;
