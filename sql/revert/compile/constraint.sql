-- Revert qryvanta:compile/constraint from pg

begin;

drop function compile.with_constraints(jsonb);
drop view compile.actual_constraint;
drop function compile.desired_foreign_key(jsonb);
drop function compile.foreign_key_name(text, text, text);
drop function compile.desired_constraint(jsonb);
drop function compile.unique_key(jsonb);
drop function compile.field_check(jsonb);
drop function compile.filled(jsonb);
drop function compile.choice_list(jsonb);
drop function compile.dependent_choice(jsonb);
drop function compile.bound(jsonb, text);

commit;
