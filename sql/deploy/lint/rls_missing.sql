-- Deploy qryvanta:lint/rls_missing to pg
-- requires: lint/subject
-- Without row-level security a grant shows every tenant; without FORCE the owner sees them
-- all.

begin;

set local role qryvanta_owner;

create view lint.rls_missing as
select
    'rls_missing' as name,
    'Row-level security is off' as title,
    'fault' as level,
    r.object as object,
    case
        when r.row_security then 'not forced: its owner sees the rows of every tenant'
        else 'not enabled: whoever may read it sees the rows of every tenant'
    end as detail,
    'qryvanta drift --repair' as remediation
from lint.relation() r
where r.kind in ('r', 'p')
    and not r.partition
    and not (r.row_security and r.force_row_security)
    -- Of our own tables those that an app role or a direct SQL login reaches, and the change log.
    and (
        r.of_app
        or r.relation_id = 'audit.change'::regclass
        or exists (
            select
            from lint.relation_right() x
            where (x.object = r.object or starts_with(x.object, r.object || '.'))
                and (x.grantee = 0 or pg_has_role(x.grantee, 'qryvanta_app', 'usage'))
        )
    );

comment on view lint.rls_missing is 'Row-level security is off';

commit;
