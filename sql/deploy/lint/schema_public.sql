-- Deploy qryvanta:lint/schema_public to pg
-- requires: lint/subject
-- Who creates objects in a shared schema puts them in the way of others.

begin;

set local role qryvanta_owner;

create view lint.schema_public as
select
    'schema_public' as name,
    'Everybody may use a schema' as title,
    'fault' as level,
    format('schema %I', n.nspname) as object,
    format('everybody has %s', lower(x.privilege_type)) as detail,
    'revoke all on schema … from public' as remediation
from pg_catalog.pg_namespace n
cross join lateral aclexplode(n.nspacl) x
where x.grantee = 0
    and (
        n.nspname = 'public' and x.privilege_type = 'CREATE'
        or exists (select from lint.subject_schema() s where s.schema_name = n.nspname)
    );

comment on view lint.schema_public is 'Everybody may use a schema';

commit;
