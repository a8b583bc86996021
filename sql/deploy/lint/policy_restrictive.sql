-- Deploy qryvanta:lint/policy_restrictive to pg
-- requires: lint/subject
-- Each policy of ours is permissive and holds the tenant itself; a restrictive one is not
-- ours.

begin;

set local role qryvanta_owner;

create view lint.policy_restrictive as
select
    'policy_restrictive' as name,
    'A row policy is restrictive' as title,
    'fault' as level,
    p.object as object,
    'permissive policies that hold the tenant are all that a model makes' as detail,
    'qryvanta drift --repair' as remediation
from lint.row_policy() p
where not p.permissive;

comment on view lint.policy_restrictive is 'A row policy is restrictive';

commit;
