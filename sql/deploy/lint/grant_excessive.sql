-- Deploy qryvanta:lint/grant_excessive to pg
-- requires: lint/subject
-- TRUNCATE, REFERENCES, TRIGGER and MAINTAIN do not ask row-level security; PUBLIC is every
-- login.

begin;

set local role qryvanta_owner;

create view lint.grant_excessive as
select
    'grant_excessive' as name,
    'A right goes too far' as title,
    'fault' as level,
    x.object as object,
    format(
        '%s may %s',
        coalesce(pg_get_userbyid(nullif(x.grantee, 0)), 'everybody'),
        lower(x.privilege)
    ) as detail,
    'qryvanta drift --repair' as remediation
from lint.relation_right() x
where x.grantee = 0 or x.privilege not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE');

comment on view lint.grant_excessive is 'A right goes too far';

commit;
