-- Deploy qryvanta:lint/gateway_inheriting to pg
-- requires: lint/subject
-- An injected RESET ROLE lands at the login: there it must find nothing.

begin;

set local role qryvanta_owner;

create view lint.gateway_inheriting as
select
    'gateway_inheriting' as name,
    'A gateway login has rights of its own' as title,
    'fault' as level,
    g.rolname::text as object,
    case when g.rolinherit then 'it inherits' else format('it inherits %s', m.role) end as detail,
    'alter role … noinherit; grant … with inherit false' as remediation
from pg_catalog.pg_roles g
left join lateral (
    select pg_get_userbyid(a.roleid) as role
    from pg_catalog.pg_auth_members a
    -- From 16 on the membership says it, before the member does: the column is not in 15.
    where a.member = g.oid and to_jsonb(a) ->> 'inherit_option' = 'true'
) m on true
where g.rolname in ('qryvanta_server', 'qryvanta_worker', 'qryvanta_publisher')
    and (g.rolinherit or m.role is not null);

comment on view lint.gateway_inheriting is 'A gateway login has rights of its own';

commit;
