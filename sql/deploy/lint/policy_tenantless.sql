-- Deploy qryvanta:lint/policy_tenantless to pg
-- requires: lint/subject
-- The tenant must be the whole condition or its first conjunct: an OR beside it would undo it.

begin;

set local role qryvanta_owner;

create view lint.policy_tenantless as
select
    'policy_tenantless' as name,
    'A row policy does not hold the tenant' as title,
    'fault' as level,
    p.object as object,
    format('its condition is %s', c.condition) as detail,
    'qryvanta drift --repair' as remediation
from lint.row_policy() p
cross join lateral (values (p.condition), (p.check_condition)) as c (condition)
-- Of a search function, which nobody else can be, the tenant is in the function.
where not p.of_search
    and c.condition
    !~ '^\(\(?tenant_id = \( SELECT tenancy\.current_id\(\) AS current_id\)\)( AND .*)?$';

comment on view lint.policy_tenantless is 'A row policy does not hold the tenant';

commit;
