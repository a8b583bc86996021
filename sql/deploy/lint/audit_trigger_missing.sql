-- Deploy qryvanta:lint/audit_trigger_missing to pg
-- requires: lint/subject
-- An entity that the model audits has three triggers that write the log and one against
-- truncate.

begin;

set local role qryvanta_owner;

create view lint.audit_trigger_missing as
select
    'audit_trigger_missing' as name,
    'An audited entity leaves no trace' as title,
    'fault' as level,
    format('%I.%I', a.name, e.entity ->> 'name') as object,
    format('the trigger for %s is missing or disabled', w.event) as detail,
    'qryvanta drift --repair' as remediation
from meta.app a
join publish.version v on v.app_id = a.app_id and v.number = a.published_version
cross join lateral jsonb_array_elements(v.model -> 'entities') as e (entity)
-- Bits of pg_trigger.tgtype: 4 insert, 8 delete, 16 update, 32 truncate.
cross join (values (4, 'insert'), (8, 'delete'), (16, 'update'), (32, 'truncate')) as w (bit, event)
where (e.entity ->> 'audit')::boolean
    and not exists (
        select
        from pg_catalog.pg_trigger t
        where t.tgrelid = to_regclass(format('%I.%I', a.name, e.entity ->> 'name'))
            and t.tgname = compile.derived_name(format('%s_audit_%s', e.entity ->> 'name', w.event))
            and t.tgtype & w.bit = w.bit
            and t.tgenabled in ('O', 'A')
    );

comment on view lint.audit_trigger_missing is 'An audited entity leaves no trace';

commit;
