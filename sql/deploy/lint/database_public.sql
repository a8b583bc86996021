-- Deploy qryvanta:lint/database_public to pg
-- requires: lint/subject
-- A temporary table or a schema of one's own is the tool of search path tricks. A clone or a
-- restore forgets what was revoked.

begin;

set local role qryvanta_owner;

create view lint.database_public as
select
    'database_public' as name,
    'Everybody may create in the database' as title,
    'fault' as level,
    format('database %I', d.datname) as object,
    format('everybody has %s', lower(x.privilege_type)) as detail,
    'qryvanta migrate' as remediation
from pg_catalog.pg_database d
cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x
where d.datname = current_database()
    and x.grantee = 0
    and x.privilege_type in ('CREATE', 'TEMPORARY');

comment on view lint.database_public is 'Everybody may create in the database';

commit;
