-- Deploy qryvanta:lint/mirror_writes to pg
-- requires: lint/subject
-- Direct SQL logins read. What they wrote would pass the forms, and no person would stand for
-- it.

begin;

set local role qryvanta_owner;

create view lint.mirror_writes as
select
    'mirror_writes' as name,
    'A direct SQL login may write' as title,
    'fault' as level,
    x.object as object,
    format('%s may %s', pg_get_userbyid(x.grantee), lower(x.privilege)) as detail,
    'qryvanta drift --repair' as remediation
from lint.relation_right() x
where pg_get_userbyid(x.grantee) like 'bi\_%' and x.privilege <> 'SELECT';

comment on view lint.mirror_writes is 'A direct SQL login may write';

commit;
