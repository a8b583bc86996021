-- Revert qryvanta:compile/preflight from pg

begin;

drop function compile.preflight(text);
drop function compile.preflight(jsonb);
drop function compile.demand(jsonb);
drop function compile.rewritten_field(jsonb);

commit;
