-- Revert qryvanta:queue/worker from pg

begin;

set local role qryvanta_owner;

drop function api.queue_state();
drop function queue.can_publish();
drop table queue.worker;

commit;
