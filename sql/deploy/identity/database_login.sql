-- Deploy qryvanta:identity/database_login to pg
-- requires: compile/name
-- Direct SQL logins (BI). They run as the caller: only an administrator may create roles.

begin;

set local role qryvanta_owner;

create function identity.create_database_login(
    tenant_id uuid, apps text[], role text, verifier text, user_id uuid default null
)
    returns name
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    app text;
    -- Opaque: every login of the cluster sees the names of all others.
    login name := 'bi_' || left(replace(gen_random_uuid()::text, '-', ''), 8);
    options text := case
        when current_setting('server_version_num')::int >= 160000
            then ' with inherit true, set false' else ''
    end;
begin
    if verifier !~ '^SCRAM-SHA-256\$' then
        raise exception 'the password must come as a SCRAM verifier' using errcode = '22023';
    end if;
    execute format('create role %I login connection limit 5 password %L', login, verifier);
    foreach app in array apps loop
        if to_regrole(quote_ident(compile.bi_role(app, role))) is null then
            raise exception '%.% has no role for direct SQL logins', app, role
                using errcode = '22023';
        end if;
        execute format('grant %I to %I%s', compile.bi_role(app, role), login, options);
    end loop;
    execute format(
        'alter role %I set search_path = %s', login,
        (select string_agg(quote_ident(a.name), ', ') from unnest(apps) as a (name))
    );
    insert into tenancy.database_login (login, tenant_id, user_id)
    values (login, create_database_login.tenant_id, create_database_login.user_id);
    return login;
end
$$;

comment on function identity.create_database_login(uuid, text[], text, text, uuid) is
'Creates a login that sees one tenant, for life, as the BI mirrors of a role in some apps. '
'The verifier '
'is what PostgreSQL stores, so that the password stands in no log. Raises 22023 without a mirror';


create function identity.drop_database_login(login name)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- Without its mapping an open session sees no row from its next statement on.
    delete from tenancy.database_login l where l.login = drop_database_login.login;
    if not found then
        raise exception 'there is no direct SQL login %', login using errcode = 'P0002';
    end if;
    perform pg_terminate_backend(a.pid)
    from pg_stat_activity a
    where a.usename = drop_database_login.login;
    execute format('drop role if exists %I', login);
end
$$;

comment on function identity.drop_database_login(name) is
'Ends a direct SQL login and its sessions; raises P0002 when there is none';

commit;
