-- Verify qryvanta:queue/worker on pg

begin;

select
    worker_id,
    host,
    process,
    version,
    started_at,
    beaten_at
from queue.worker
where false;

select 'queue.can_publish()'::regprocedure;

select has_function_privilege('qryvanta_gateway', 'api.queue_state()', 'execute');

rollback;
