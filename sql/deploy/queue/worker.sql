-- Deploy qryvanta:queue/worker to pg
-- requires: queue/install
-- Is anybody working? Probes and `qryvanta doctor` ask here.

begin;

set local role qryvanta_owner;

create table queue.worker (
    worker_id uuid not null,
    host text not null,
    process integer not null,
    version text not null,
    publishes boolean not null default false,
    started_at timestamptz not null default now(),
    beaten_at timestamptz not null default now(),

    constraint worker_pkey primary key (worker_id),
    constraint worker_beaten_at_check check (beaten_at >= started_at)
);

comment on table queue.worker is 'Worker processes; one that stopped in order has no row';
comment on column queue.worker.process is 'Its number on its host';
comment on column queue.worker.version is 'The version of the program it runs';
comment on column queue.worker.publishes is
'Whether it can run the online steps of a publish: it knows the login of the publisher';
comment on column queue.worker.beaten_at is 'When it last said that it lives, every few seconds';

grant select, insert, update, delete on queue.worker to qryvanta_worker;

create function queue.can_publish()
    returns boolean
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return exists (
    select
    from queue.worker w
    where w.publishes and w.beaten_at > now() - interval '15 seconds'
);

comment on function queue.can_publish() is 'Whether a worker lives that can publish';

create function api.queue_state(
    out worker_seen_at timestamptz,
    out waiting_jobs bigint,
    out oldest_waiting_at timestamptz,
    out held_jobs bigint
)
    stable
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
begin atomic
    select
        (select max(w.beaten_at) from queue.worker w),
        count(*) filter (where j.status = 'queued' and j.execute_after <= now()),
        min(j.execute_after) filter (where j.status = 'queued' and j.execute_after <= now()),
        count(*) filter (where j.status = 'failed')
    from queue.pgqueuer j;
end;

comment on function api.queue_state() is
'Last sign of life of any worker, jobs that are due, since when, and jobs that failed for good';

grant execute on function api.queue_state() to qryvanta_gateway;

commit;
