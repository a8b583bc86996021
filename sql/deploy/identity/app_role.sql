-- Deploy qryvanta:identity/app_role to pg
-- requires: roles
-- The roles of apps belong to the cluster, and making them needs CREATEROLE, which nobody in the
-- path of a request has. These functions are the administrator's who migrates: they make, link and
-- drop roles of apps and nothing else, so that a worker can publish what a builder asks for. They
-- call no function of the owner, who could put another one in its place.

begin;

create function identity.create_app_role(role_name text)
    returns void
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if create_app_role.role_name !~ '^[a-z_][a-z0-9_]{0,62}$'
        or create_app_role.role_name ~ '^(pg|qryvanta)_' then
        raise exception 'no role of an app may be called %', create_app_role.role_name
            using errcode = '42501';
    end if;
    execute format('create role %I nologin', create_app_role.role_name);
    -- By this it is known as the role of an app.
    execute format(
        'grant qryvanta_app to %I%s', create_app_role.role_name,
        case when current_setting('server_version_num')::integer < 160000 then ''
            else ' with inherit true, set false' end
    );
end
$$;

comment on function identity.create_app_role(text) is
'Makes a role of an app; raises 42501 for a name that it may not have, 42710 when there is one';

create function identity.grant_app_role(role_name text, member_name text)
    returns void
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    -- Before 16 the member's NOINHERIT says it.
    tells boolean := current_setting('server_version_num')::integer >= 160000;
begin
    if exists (
        select
        from (values
            (grant_app_role.role_name, array['qryvanta_app']),
            (grant_app_role.member_name, array['qryvanta_server', 'qryvanta_worker'])
        ) as n (name, allowed)
        where n.name <> all (n.allowed)
            and not exists (
                select
                from pg_catalog.pg_roles r
                where r.rolname = n.name
                    and r.rolname !~ '^(pg|qryvanta)_'
                    and not (
                        r.rolcanlogin or r.rolsuper or r.rolbypassrls or r.rolcreaterole
                        or r.rolcreatedb or r.rolreplication
                    )
                    and pg_has_role(r.oid, 'qryvanta_app', 'member')
            )
    ) then
        raise exception '% and % are not both roles of apps', grant_app_role.role_name,
            grant_app_role.member_name
            using errcode = '42501';
    end if;
    execute format(
        'grant %I to %I%s', grant_app_role.role_name, grant_app_role.member_name,
        case
            when not tells then ''
            when grant_app_role.member_name in ('qryvanta_server', 'qryvanta_worker')
                then ' with inherit false, set true'
            when grant_app_role.role_name = 'qryvanta_app' then ' with inherit true, set false'
            else ''
        end
    );
end
$$;

comment on function identity.grant_app_role(text, text) is
'Makes the server, the workers or a role of an app a member of a role of an app; raises 42501 for '
'any other role';

create function identity.drop_app_role(role_name text)
    returns void
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select
        from pg_catalog.pg_roles r
        where r.rolname = drop_app_role.role_name
            and r.rolname !~ '^(pg|qryvanta)_'
            and not (r.rolcanlogin or r.rolsuper or r.rolcreaterole)
            and pg_has_role(r.oid, 'qryvanta_app', 'member')
    ) then
        raise exception '% is no role of an app', drop_app_role.role_name using errcode = '42501';
    end if;
    execute format('drop role %I', drop_app_role.role_name);
end
$$;

comment on function identity.drop_app_role(text) is
'Drops a role of an app that has no rights any more; raises 42501 for any other role';

revoke all on function
identity.create_app_role(text),
identity.grant_app_role(text, text),
identity.drop_app_role(text)
from public;

grant execute on function
identity.create_app_role(text),
identity.grant_app_role(text, text),
identity.drop_app_role(text)
to qryvanta_ddl;

commit;
