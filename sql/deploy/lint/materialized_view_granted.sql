-- Deploy qryvanta:lint/materialized_view_granted to pg
-- requires: lint/subject
-- Row-level security does not reach a materialized view: it holds the rows of all tenants.

begin;

set local role qryvanta_owner;

create view lint.materialized_view_granted as
select
    'materialized_view_granted' as name,
    'A materialized view is granted' as title,
    'fault' as level,
    x.object as object,
    format(
        '%s may %s it',
        coalesce(pg_get_userbyid(nullif(x.grantee, 0)), 'everybody'),
        lower(x.privilege)
    ) as detail,
    'revoke all on … from …' as remediation
from lint.relation() r
join lint.relation_right() x on x.object = r.object
where r.kind = 'm';

comment on view lint.materialized_view_granted is 'A materialized view is granted';

commit;
