-- Revert qryvanta:meta/problem_search from pg

begin;

drop function meta.problem_search(jsonb);

commit;
