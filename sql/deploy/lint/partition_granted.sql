-- Deploy qryvanta:lint/partition_granted to pg
-- requires: lint/subject
-- A partition asks neither the policies nor the statement triggers of its table.

begin;

set local role qryvanta_owner;

create view lint.partition_granted as
select
    'partition_granted' as name,
    'A partition is granted' as title,
    'fault' as level,
    x.object as object,
    format(
        '%s may %s',
        coalesce(pg_get_userbyid(nullif(x.grantee, 0)), 'everybody'),
        lower(x.privilege)
    ) as detail,
    'revoke all on … from …' as remediation
from lint.relation_right() x
where x.partition;

comment on view lint.partition_granted is 'A partition is granted';

commit;
