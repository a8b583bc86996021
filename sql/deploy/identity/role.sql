-- Deploy qryvanta:identity/role to pg
-- requires: identity/member
-- Which roles a member has: of the tenant itself (app is null) or of an app.

begin;

set local role qryvanta_owner;

create table identity.member_role (
    tenant_id uuid not null,
    user_id uuid not null,
    app text,
    role text not null,
    created_at timestamptz not null default now(),

    constraint member_role_key unique nulls not distinct (tenant_id, user_id, app, role),
    constraint member_role_user_id_fkey foreign key (tenant_id, user_id)
        references identity.member (tenant_id, user_id) on delete cascade,
    constraint member_role_name_check check (role ~ '^[a-z][a-z0-9_]{0,47}$'),
    constraint member_role_app_check check (app ~ '^[a-z][a-z0-9_]{0,47}$'),
    constraint member_role_tenant_check check (
        app is not null or role in ('owner', 'builder', 'auditor', 'operator')
    )
);

comment on table identity.member_role is 'The roles of a member';
comment on column identity.member_role.app is
'The app whose role it is; null: a role of the tenant itself';


create function identity.granted_roles(
    tenant_id uuid, user_id uuid, narrowed text [] default null
)
    returns text []
    stable
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
return (
    with held as (
        select concat_ws('.', r.app, r.role) as role
        from identity.member_role r
        where r.tenant_id = granted_roles.tenant_id and r.user_id = granted_roles.user_id
    ),

    effective as (
        select h.role from held h where granted_roles.narrowed is null
        union
        -- A token keeps no role that its owner lost.
        select n.role
        from unnest(granted_roles.narrowed) n (role)
        where exists (select from held h where h.role in (n.role, 'owner'))
    )

    select coalesce(array_agg(e.role order by e.role), '{}') from effective e
);

comment on function identity.granted_roles(uuid, uuid, text []) is
'The roles of a member as ROLE of the commands (owner, northwind.sales), narrowed to a token''s if '
'any. The tenant''s owner holds every role of its apps';

commit;
