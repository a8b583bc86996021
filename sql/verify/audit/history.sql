-- Verify qryvanta:audit/history on pg

select 'audit.history(regclass, uuid, integer)'::regprocedure;
select 'audit.readable(regclass, jsonb)'::regprocedure;
select 'audit.sees_record(regclass, uuid)'::regprocedure;
select 'audit.asking_role()'::regprocedure;
