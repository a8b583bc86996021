-- Revert qryvanta:compile/definition from pg

begin;

drop function compile.comparison(jsonb, jsonb);
drop function compile.compared(jsonb);
drop function compile.definition_difference(jsonb);
drop function compile.found_difference(jsonb);
drop function compile.live_definition(jsonb);
drop function compile.definition_kind();
drop function compile.seen_definition(jsonb);
drop function compile.actual_definition(text);
drop function compile.actual_definition(text, text [], text []);
drop function compile.desired_definition(jsonb);

commit;
