-- Revert qryvanta:audit/history from pg

begin;

drop function audit.history(regclass, uuid, integer);
drop function audit.readable(regclass, jsonb);
drop function audit.sees_record(regclass, uuid);
drop function audit.asking_role();

commit;
