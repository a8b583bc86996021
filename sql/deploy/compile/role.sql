-- Deploy qryvanta:compile/role to pg
-- requires: compile/policy
-- The roles of an app belong to the cluster and are in no dump: after a restore the plan puts them
-- back.

begin;

set local role qryvanta_owner;

create function compile.desired_role(model jsonb)
    returns table (role_name text, gateway boolean, meaning text)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select r.role_name, r.gateway, r.meaning
    from (
        select '_owner' as role, 'Everything in the app' as label
        union all
        select r.role ->> 'name', r.role ->> 'label'
        from jsonb_array_elements(model -> 'roles') as r (role)
    ) a
    cross join lateral (values
        (
            compile.app_role(model -> 'app' ->> 'name', a.role), true,
            format('%s: %s', model -> 'app' ->> 'label', a.label)
        ),
        (
            compile.bi_role(model -> 'app' ->> 'name', a.role), false,
            format('%s: %s, for direct SQL logins', model -> 'app' ->> 'label', a.label)
        )
    ) as r (role_name, gateway, meaning)
$$;

comment on function compile.desired_role(jsonb) is
'The roles of an app; the server and the workers may become those of the gateway';

create function compile.role_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', 1, 'create_role', d.role_name,
        format('create role %I nologin', d.role_name),
        'safe', 'a role of the app is a role of the database', 'administrator'
    from compile.desired_role(model) d
    where not exists (select from pg_catalog.pg_roles r where r.rolname = d.role_name)
$$;

comment on function compile.role_step(jsonb) is 'Roles that the cluster lacks';

create function compile.desired_membership(model jsonb)
    returns table (role_name text, member_name text, inherits boolean)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select 'qryvanta_app', d.role_name, true
    from compile.desired_role(model) d
    union all
    select d.role_name, m.member_name, false
    from compile.desired_role(model) d
    cross join (values ('qryvanta_server'), ('qryvanta_worker')) as m (member_name)
    where d.gateway
$$;

comment on function compile.desired_membership(jsonb) is 'Who is a member of which role of the app';

create function compile.membership_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', 2, 'grant_role', format('%s to %s', d.role_name, d.member_name),
        format('grant %I to %I', d.role_name, d.member_name)
        -- Before 16 the member's NOINHERIT says it.
        || case
            when current_setting('server_version_num')::integer < 160000 then ''
            when d.inherits then ' with inherit true, set false'
            else ' with inherit false, set true'
        end,
        'safe', 'the role is used through this membership', 'administrator'
    from compile.desired_membership(model) d
    where not exists (
        select
        from pg_catalog.pg_auth_members m
        where pg_get_userbyid(m.roleid) = d.role_name and pg_get_userbyid(m.member) = d.member_name
    )
$$;

comment on function compile.membership_step(jsonb) is 'Memberships that the cluster lacks';

commit;
