-- Deploy qryvanta:lint/trigger_disabled to pg
-- requires: lint/subject
-- Triggers stamp, audit and recycle; foreign keys are triggers too.

begin;

set local role qryvanta_owner;

create view lint.trigger_disabled as
select
    'trigger_disabled' as name,
    'A trigger is disabled' as title,
    'fault' as level,
    format('%s trigger %I', r.object, t.tgname) as object,
    'what it does does not happen' as detail,
    'qryvanta drift --repair' as remediation
from lint.relation() r
join pg_catalog.pg_trigger t on t.tgrelid = r.relation_id
where t.tgenabled not in ('O', 'A');

comment on view lint.trigger_disabled is 'A trigger is disabled';

commit;
