-- Deploy qryvanta:lint/change_log_granted to pg
-- requires: lint/subject
-- It is written by the generated triggers and read by audit.history, which asks who is asking.

begin;

set local role qryvanta_owner;

create view lint.change_log_granted as
select
    'change_log_granted' as name,
    'The change log is granted' as title,
    'fault' as level,
    x.object as object,
    format(
        '%s may %s',
        coalesce(pg_get_userbyid(nullif(x.grantee, 0)), 'everybody'),
        lower(x.privilege)
    ) as detail,
    'revoke all on … from …' as remediation
from lint.relation_right() x
where x.object = 'audit.change' or starts_with(x.object, 'audit.change.');

comment on view lint.change_log_granted is 'The change log is granted';

commit;
