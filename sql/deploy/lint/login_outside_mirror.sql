-- Deploy qryvanta:lint/login_outside_mirror to pg
-- requires: lint/subject
-- A mirror role reads and nothing else; any other role may write, or more.

begin;

set local role qryvanta_owner;

create view lint.login_outside_mirror as
select
    'login_outside_mirror' as name,
    'A direct SQL login has a role that is no mirror' as title,
    'fault' as level,
    l.login::text as object,
    format('it is a member of %s', pg_get_userbyid(m.roleid)) as detail,
    'revoke … from …' as remediation
from tenancy.database_login l
join pg_catalog.pg_roles r on r.rolname = l.login
join pg_catalog.pg_auth_members m on m.member = r.oid
where pg_get_userbyid(m.roleid) not like 'bi\_%';

comment on view lint.login_outside_mirror is 'A direct SQL login has a role that is no mirror';

commit;
