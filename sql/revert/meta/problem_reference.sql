-- Revert qryvanta:meta/problem_reference from pg

begin;

drop function meta.problem_cycle(jsonb);
drop function meta.problem_reference(jsonb);

commit;
