-- Deploy qryvanta:lint/gateway_member to pg
-- requires: lint/subject
-- Who becomes a gateway login may choose the tenant.

begin;

set local role qryvanta_owner;

create view lint.gateway_member as
select
    'gateway_member' as name,
    'A role is member of a gateway login' as title,
    'fault' as level,
    pg_get_userbyid(m.member)::text as object,
    format('it can become %s', pg_get_userbyid(m.roleid)) as detail,
    'revoke … from …' as remediation
from pg_catalog.pg_auth_members m
where pg_get_userbyid(m.roleid)
    in ('qryvanta_server', 'qryvanta_worker', 'qryvanta_publisher', 'tenant_setting')
    and pg_get_userbyid(m.member) not in ('qryvanta_server', 'qryvanta_worker')
    -- The executor sees the rows of all tenants anyway.
    and not (
        pg_get_userbyid(m.roleid) = 'tenant_setting'
        and pg_get_userbyid(m.member) = 'qryvanta_ddl'
    )
    -- Who created a role may administer it, from 16 on, and be it only if granted so.
    and (
        coalesce(to_jsonb(m) ->> 'set_option', 'true') = 'true'
        or to_jsonb(m) ->> 'inherit_option' = 'true'
    );

comment on view lint.gateway_member is 'A role is member of a gateway login';

commit;
