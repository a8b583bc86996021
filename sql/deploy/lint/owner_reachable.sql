-- Deploy qryvanta:lint/owner_reachable to pg
-- requires: lint/subject
-- The owner drops policies. Only who migrates and who publishes may be it.

begin;

set local role qryvanta_owner;

create view lint.owner_reachable as
select
    'owner_reachable' as name,
    'A login can become the owner' as title,
    'fault' as level,
    r.rolname::text as object,
    'it can become qryvanta_owner or qryvanta_ddl' as detail,
    'revoke qryvanta_owner from …' as remediation
from pg_catalog.pg_roles r
where r.rolcanlogin
    and not r.rolsuper
    and r.rolname <> 'qryvanta_publisher'
    and (
        pg_has_role(r.oid, 'qryvanta_owner', 'member')
        or pg_has_role(r.oid, 'qryvanta_ddl', 'member')
    )
    -- Where the administrator is no superuser, the database is theirs.
    and r.oid <> (
        select d.datdba
        from pg_catalog.pg_database d
        where d.datname = current_database()
    );

comment on view lint.owner_reachable is 'A login can become the owner';

commit;
