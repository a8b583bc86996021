-- Revert qryvanta:meta/problem from pg

begin;

drop function meta.problem(jsonb);

commit;
