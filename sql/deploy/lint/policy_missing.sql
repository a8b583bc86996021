-- Deploy qryvanta:lint/policy_missing to pg
-- requires: lint/subject
-- With row-level security and no policy nobody sees a row: a publish that broke off.

begin;

set local role qryvanta_owner;

create view lint.policy_missing as
select
    'policy_missing' as name,
    'A table has no row policy' as title,
    'fault' as level,
    r.object as object,
    'nobody sees a row of it' as detail,
    'qryvanta drift --repair' as remediation
from lint.relation() r
where r.of_app
    and r.kind in ('r', 'p')
    and not exists (select from pg_catalog.pg_policy p where p.polrelid = r.relation_id);

comment on view lint.policy_missing is 'A table has no row policy';

commit;
