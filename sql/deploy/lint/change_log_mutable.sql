-- Deploy qryvanta:lint/change_log_mutable to pg
-- requires: lint/subject
-- Append-only for every login: by two triggers, and a truncate trigger on every partition too.

begin;

set local role qryvanta_owner;

create view lint.change_log_mutable as
select
    'change_log_mutable' as name,
    'The change log can be changed' as title,
    'fault' as level,
    r.object as object,
    format('the trigger %s is missing or disabled', w.name) as detail,
    'alter table … enable trigger …' as remediation
from lint.relation() r
cross join lateral (values ('change_immutable'), ('change_no_truncate')) as w (name)
where r.schema_name = 'audit'
    and (
        r.relation_id = 'audit.change'::regclass
        or exists (
            select
            from pg_catalog.pg_inherits i
            where i.inhrelid = r.relation_id and i.inhparent = 'audit.change'::regclass
        )
    )
    and r.kind in ('r', 'p')
    and not exists (
        select
        from pg_catalog.pg_trigger t
        where t.tgrelid = r.relation_id and t.tgname = w.name and t.tgenabled in ('O', 'A')
    );

comment on view lint.change_log_mutable is 'The change log can be changed';

commit;
