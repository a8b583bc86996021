-- Revert qryvanta:meta/problem_derived from pg

begin;

drop function meta.problem_role(jsonb);
drop function meta.problem_derived(jsonb);
drop function meta.problem_column(jsonb);

commit;
