-- Deploy qryvanta:identity/actor to pg
-- requires: identity/role_set
-- requires: meta/app
-- What a person is to the database: per installed app one PostgreSQL role to act as.

begin;

set local role qryvanta_owner;

create function identity.actors(tenant_id uuid, roles text [])
    returns jsonb
    stable
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
return (
    with installed as (
        select a.name::text as app
        from tenancy.installation i
        join meta.app a on a.app_id = i.app_id
        where i.tenant_id = actors.tenant_id
    ),

    acting as (
        select
            i.app,
            case
                when 'owner' = any (actors.roles) then identity.native_role(i.app, '_owner')
                else (
                    select identity.acting_role(
                        array_agg(n.role) filter (where n.role is not null)
                    )
                    from unnest(actors.roles) r (role)
                    cross join lateral
                        identity.native_role(i.app, split_part(r.role, '.', 2)) n (role)
                    where split_part(r.role, '.', 1) = i.app and r.role like '%.%'
                )
            end as role
        from installed i
    )

    -- A role set that does not exist yet opens nothing.
    select coalesce(jsonb_object_agg(a.app, a.role), '{}')
    from acting a
    where to_regrole(a.role) is not null
);

comment on function identity.actors(uuid, text []) is
'{"<app>": "<PostgreSQL role>"} of the installed apps in which these roles may do anything';


create type identity.principal as (
    user_id uuid,
    tenant_id uuid,
    tenant_name text,
    tenant_label text,
    name text,
    email text,
    roles text [],
    actors jsonb
);

comment on type identity.principal is
'Who is asking, in which tenant, and what they are to each app';


create function identity.principal(tenant_id uuid, user_id uuid, narrowed text [])
    returns setof identity.principal
    stable
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
begin atomic
    select
        m.user_id, m.tenant_id, t.name, t.label, m.name, m.email,
        r.roles, identity.actors(m.tenant_id, r.roles)
    from identity.member m
    join identity.account a on a.user_id = m.user_id
    join tenancy.tenant t on t.tenant_id = m.tenant_id
    cross join lateral
        identity.granted_roles(m.tenant_id, m.user_id, principal.narrowed) r (roles)
    where m.tenant_id = principal.tenant_id
        and m.user_id = principal.user_id
        and m.state = 'active'
        and a.disabled_at is null;
end;

comment on function identity.principal(uuid, uuid, text []) is
'The member with all rights resolved; no row when the person or the membership is disabled';

commit;
