-- Revert qryvanta:compile/rollup from pg

begin;

drop function compile.rollup(jsonb);
drop function compile.rollup_value(text, text, text, text, text, text, text, text);

commit;
