-- Revert qryvanta:meta/problem_type from pg

begin;

drop function meta.problem_choice(jsonb);
drop function meta.problem_type(jsonb);
drop function meta.parameter_type();
drop function meta.pattern_fault(text);
drop function meta.castable(text, text);

commit;
