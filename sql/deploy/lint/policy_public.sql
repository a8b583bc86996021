-- Deploy qryvanta:lint/policy_public to pg
-- requires: lint/subject
-- A policy for PUBLIC is added to those of each role: it widens what every role sees.

begin;

set local role qryvanta_owner;

create view lint.policy_public as
select
    'policy_public' as name,
    'A row policy speaks to everybody' as title,
    'fault' as level,
    p.object as object,
    'it widens what every role sees' as detail,
    'qryvanta drift --repair' as remediation
from lint.row_policy() p
where p.everybody;

comment on view lint.policy_public is 'A row policy speaks to everybody';

commit;
