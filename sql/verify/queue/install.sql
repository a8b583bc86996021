-- Verify qryvanta:queue/install on pg

begin;

select
    id,
    status,
    entrypoint,
    dedupe_key,
    slot
from queue.pgqueuer
where false;

select
    l.id,
    s.id,
    t.id
from queue.pgqueuer_log l, queue.pgqueuer_schedules s, queue.pgqueuer_statistics t
where false;

select 1 / count(*)
from pg_catalog.pg_trigger
where tgrelid = 'queue.pgqueuer'::regclass and tgname = 'tg_pgqueuer_changed';

rollback;
