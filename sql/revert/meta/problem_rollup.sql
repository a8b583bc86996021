-- Revert qryvanta:meta/problem_rollup from pg

begin;

drop function meta.problem_rollup(jsonb);
drop function meta.problem_rollup_circle(jsonb);
drop function meta.rollup(jsonb);
drop function meta.words(text);

commit;
