-- Revert qryvanta:compile/rollup_function from pg

begin;

drop function compile.stamp_condition(jsonb);
drop function compile.rollup_trigger(jsonb);
drop function compile.rollup_function(jsonb);
drop function compile.rollup_trigger_function(text, text, text, text);
drop function compile.rollup_part(jsonb);
drop function compile.rollup_update(
    text, text, text, text, text, text, text, text, text, text
);
drop function compile.written_rows(text, text);
drop function compile.rollup_change(text, text, bigint, text, text, text);
drop function compile.rollup_difference(text, text, bigint, text, text);

commit;
