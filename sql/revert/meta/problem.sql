-- Revert qryvanta:meta/problem from pg

begin;

drop function meta.problem(jsonb);
drop function meta.problem_resolved(jsonb);
drop function meta.problem_given(jsonb);

commit;
