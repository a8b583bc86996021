-- Revert qryvanta:meta/problem_rule from pg

begin;

drop function meta.problem_rule(jsonb);
drop function meta.overlap_part(jsonb);
drop function meta.rule_field(jsonb);

commit;
