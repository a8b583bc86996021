-- Revert qryvanta:compile/rollup_model from pg

begin;

drop function compile.with_rollups(jsonb);
drop function compile.derived_formulas(jsonb);
drop function compile.rollups_resolved_once(jsonb);
drop function compile.resolved_rollup(jsonb, jsonb, jsonb);
drop function compile.is_rollup(text);
drop function compile.rollup_mark(jsonb, jsonb, text);
drop function compile.uses(jsonb, jsonb);
drop function compile.rollup_source(jsonb, jsonb, text);
drop function compile.rollup_type(text, jsonb);
drop function compile.used_columns(jsonb, text);

commit;
