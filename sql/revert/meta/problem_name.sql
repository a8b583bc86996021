-- Revert qryvanta:meta/problem_name from pg

begin;

drop function meta.problem_name(jsonb);

commit;
