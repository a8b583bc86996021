-- Revert qryvanta:compile/rule from pg

begin;

drop function compile.told_rule(jsonb);
drop function compile.rule_fields(jsonb, text);
drop function compile.desired_rule(jsonb);
drop function compile.period(jsonb);
drop function compile.overlap(jsonb);
drop function compile.same_key(text, text);
drop function compile.overlap_field(jsonb);
drop function compile.rule(jsonb);

commit;
