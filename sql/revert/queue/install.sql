-- Revert qryvanta:queue/install from pg

begin;

set local role qryvanta_owner;

revoke usage on schema queue from qryvanta_worker;
drop table queue.pgqueuer_statistics;
drop table queue.pgqueuer_schedules;
drop table queue.pgqueuer_log;
drop table queue.pgqueuer;
drop function queue.fn_pgqueuer_changed();
drop type queue.pgqueuer_status;

commit;
