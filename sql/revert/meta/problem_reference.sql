-- Revert qryvanta:meta/problem_reference from pg

begin;

drop function meta.problem_cycle(jsonb);
drop function meta.waiting_entity(jsonb);
drop function meta.required_lookup(jsonb);
drop function meta.problem_reference(jsonb);

commit;
