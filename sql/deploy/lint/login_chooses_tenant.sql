-- Deploy qryvanta:lint/login_chooses_tenant to pg
-- requires: lint/subject
-- A mapping and a setting exclude each other: the mapping is what a direct SQL login is.

begin;

set local role qryvanta_owner;

create view lint.login_chooses_tenant as
select
    'login_chooses_tenant' as name,
    'A mapped login may choose its tenant' as title,
    'fault' as level,
    l.login::text as object,
    'it is a member of tenant_setting' as detail,
    'revoke tenant_setting from …' as remediation
from tenancy.database_login l
join pg_catalog.pg_roles r on r.rolname = l.login
where pg_has_role(r.oid, 'tenant_setting', 'member');

comment on view lint.login_chooses_tenant is 'A mapped login may choose its tenant';

commit;
