-- Deploy qryvanta:identity/role_set to pg
-- requires: identity/token identity/app_role
-- requires: compile/name
-- Several roles of one app act as one PostgreSQL role that inherits them: a transaction can SET
-- only one role. One role set serves everybody with that combination.

begin;

set local role qryvanta_owner;

create function identity.native_role(app text, role text)
    returns text
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select r.rolname::text
    from pg_roles r
    where r.rolname = compile.app_role(native_role.app, native_role.role)
);

comment on function identity.native_role(text, text) is
'The PostgreSQL role of an app''s role; null when the app has not published it';


create function identity.acting_role(native_roles text [])
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select case count(*)
        when 0 then null
        when 1 then min(n.role)
        else
            'rs_' || left(
                encode(
                    sha256(convert_to(string_agg(n.role, ',' order by n.role collate "C"), 'UTF8')),
                    'hex'
                ), 8
            )
    end
    from (select distinct unnest(acting_role.native_roles) as role) n
);

comment on function identity.acting_role(text []) is
'The one PostgreSQL role that stands for these: itself, a role set''s name, or null for none';


create function identity.create_role_set(native_roles text [])
    returns text
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    name text := identity.acting_role(native_roles);
    member text;
begin
    if name not like 'rs\_%' then
        return name;
    end if;
    if to_regrole(name) is null then
        perform identity.create_app_role(name);
    end if;
    foreach member in array native_roles loop
        if not pg_has_role(name, member, 'usage') then
            perform identity.grant_app_role(member, name);
        end if;
    end loop;
    foreach member in array array['qryvanta_server', 'qryvanta_worker'] loop
        if not pg_has_role(member, name, 'member') then
            perform identity.grant_app_role(name, member);
        end if;
    end loop;
    return name;
end
$$;

comment on function identity.create_role_set(text []) is
'Creates the role set of these PostgreSQL roles if it is missing';


create function identity.create_role_sets()
    returns setof text
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
begin atomic
    with combination as (
        select identity.granted_roles(m.tenant_id, m.user_id) as roles
        from identity.member m
        union
        select identity.granted_roles(t.tenant_id, t.user_id, t.roles)
        from identity.token t
        where t.roles is not null
    ),

    wanted as (
        select array_agg(n.role) as native_roles
        from combination c
        cross join unnest(c.roles) r (role)
        cross join lateral
            identity.native_role(split_part(r.role, '.', 1), split_part(r.role, '.', 2)) n (role)
        where n.role is not null
        group by c.roles, split_part(r.role, '.', 1)
        having count(*) > 1
    )

    select identity.create_role_set(w.native_roles)
    from (select distinct wanted.native_roles from wanted) w;
end;

comment on function identity.create_role_sets() is
'Creates every role set that members and tokens need: after roles were given, or after a restore '
'into a cluster without the roles';

commit;
