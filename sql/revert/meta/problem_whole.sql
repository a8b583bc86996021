-- Revert qryvanta:meta/problem_whole from pg

begin;

drop function meta.problem_whole(jsonb);
drop function meta.whole_type();

commit;
