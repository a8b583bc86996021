-- Revert qryvanta:meta/problem_lookup from pg

begin;

drop function meta.problem_lookup(jsonb);

commit;
