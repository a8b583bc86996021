-- Deploy qryvanta:identity/user to pg
-- requires: identity/role_set
-- requires: identity/actor
-- What the administrator's commands do to people. They run as the caller, who may create roles.

begin;

set local role qryvanta_owner;

create function identity.role_names(tenant_id uuid)
    returns setof text
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select r.role
    from unnest(array['owner', 'builder', 'auditor', 'operator']) r (role)
    union all
    (
        select format('%s.%s', p.app, r.role ->> 'name')
        from api.published_model() p
        join tenancy.installation i
            on i.app_id = (p.model -> 'app' ->> 'id')::uuid
            and i.tenant_id = role_names.tenant_id
        cross join jsonb_array_elements(p.model -> 'roles') r (role)
        order by 1
    );
end
$$;

comment on function identity.role_names(uuid) is
'Every ROLE that a member of this tenant can have: the tenant''s and those of its installed apps';


create function identity.assign_roles(tenant_id uuid, user_id uuid, roles text [])
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    unknown text;
begin
    select r.role into unknown
    from unnest(assign_roles.roles) r (role)
    where r.role not in (select n.* from identity.role_names(assign_roles.tenant_id) n);
    if found then
        raise exception 'there is no role % in this tenant', unknown using errcode = '22023';
    end if;

    insert into identity.member_role (tenant_id, user_id, app, role)
    select
        assign_roles.tenant_id,
        assign_roles.user_id,
        case when r.role like '%.%' then split_part(r.role, '.', 1) end,
        regexp_replace(r.role, '^.*\.', '')
    from unnest(assign_roles.roles) r (role)
    on conflict on constraint member_role_key do nothing;
    perform identity.create_role_sets();
end
$$;

comment on function identity.assign_roles(uuid, uuid, text []) is
'Gives a member roles in addition; raises 22023 for a role that does not exist';


create function identity.withdraw_roles(tenant_id uuid, user_id uuid, roles text [])
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    delete from identity.member_role r
    where r.tenant_id = withdraw_roles.tenant_id
        and r.user_id = withdraw_roles.user_id
        and concat_ws('.', r.app, r.role) = any (withdraw_roles.roles);
    -- What is left may be another combination.
    perform identity.create_role_sets();
end
$$;

comment on function identity.withdraw_roles(uuid, uuid, text []) is 'Takes roles from a member';


create function identity.create_user(email text, name text, password_hash text)
    returns uuid
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    created uuid;
begin
    insert into identity.account (email, name, password_hash)
    values (lower(btrim(create_user.email)), create_user.name, create_user.password_hash)
    returning account.user_id into created;
    return created;
end
$$;

comment on function identity.create_user(text, text, text) is
'Creates an account that belongs to no tenant yet; raises 23505 when the address is taken';


create function identity.add_member(tenant_id uuid, user_id uuid)
    returns boolean
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    insert into identity.member (tenant_id, user_id, name, email)
    select add_member.tenant_id, a.user_id, a.name, a.email
    from identity.account a
    where a.user_id = add_member.user_id
    on conflict on constraint member_pkey do nothing;
    return found;
end
$$;

comment on function identity.add_member(uuid, uuid) is
'Lets a person into a tenant, without any role; false when they are in already';


create function identity.set_password(user_id uuid, password_hash text)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    update identity.account a
    set password_hash = set_password.password_hash, password_changed_at = now()
    where a.user_id = set_password.user_id;
    -- Whoever knew the old one may be signed in somewhere.
    perform identity.revoke_sessions(set_password.user_id);
end
$$;

comment on function identity.set_password(uuid, text) is
'Sets a password and signs the person out everywhere';


create function identity.disable_user(user_id uuid)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    login name;
begin
    update identity.account a
    set disabled_at = now()
    where a.user_id = disable_user.user_id and a.disabled_at is null;
    perform identity.revoke_sessions(disable_user.user_id);
    update identity.token t
    set revoked_at = now()
    where t.user_id = disable_user.user_id and t.revoked_at is null;
    for login in
        select l.login from tenancy.database_login l where l.user_id = disable_user.user_id
    loop
        perform identity.drop_database_login(login);
    end loop;
end
$$;

comment on function identity.disable_user(uuid) is
'Ends everything a person can do: sign-in, sessions, API tokens, direct SQL logins. Their name '
'stays on records';

commit;
