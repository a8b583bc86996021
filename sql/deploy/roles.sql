-- Deploy qryvanta:roles to pg
-- The roles of the installation. Roles belong to the cluster, not to the database: create what is
-- missing, because another database of the same cluster may have made them already.

begin;

do $$
declare
    wanted record;
begin
    for wanted in
        select *
        from (values
            ('qryvanta_owner', 'nologin', 'owns every schema, table, view and function; nobody logs in as it'),
            ('qryvanta_ddl', 'nologin bypassrls', 'validates and back-fills: sees all rows, unlike the owner'),
            ('qryvanta_gateway', 'nologin', 'what the server may do before it knows who is asking'),
            ('qryvanta_app', 'nologin', 'what every app role and direct SQL login shares: who and where am I'),
            ('qryvanta_search', 'nologin', 'owner of generated search functions'),
            ('tenant_setting', 'nologin', 'a member may choose the tenant by a setting'),
            ('qryvanta_server', 'login noinherit', 'the web server: no right of its own, only SET ROLE'),
            ('qryvanta_worker', 'login noinherit', 'the workers: no right of their own but the queue'),
            ('qryvanta_publisher', 'login noinherit', 'online publish steps: the one login that may become qryvanta_ddl'),
            ('qryvanta_backup', 'login bypassrls', 'pg_dump: reads everything, writes nothing')
        ) as role (name, options, meaning)
        where not exists (select from pg_catalog.pg_roles r where r.rolname = role.name)
    loop
        execute format('create role %I %s', wanted.name, wanted.options);  -- options from the list above
        execute format('comment on role %I is %L', wanted.name, wanted.meaning);
    end loop;
end
$$;

grant qryvanta_owner to qryvanta_ddl;
grant qryvanta_search to qryvanta_ddl;
grant qryvanta_ddl to qryvanta_publisher;
-- Who becomes the executor sees the rows of all tenants; it may say which one a trigger works for.
grant tenant_setting to qryvanta_server, qryvanta_worker, qryvanta_ddl;
grant qryvanta_gateway to qryvanta_server, qryvanta_worker;
grant pg_read_all_data to qryvanta_backup;

-- Who migrates and publishes acts as the owner and the executor; a superuser may anyway.
do $$
begin
    if not (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user) then
        execute format('grant qryvanta_owner, qryvanta_ddl to %I', current_user);
    end if;
end
$$;

-- New functions are nobody's until granted. With "in schema" this would do nothing.
alter default privileges for role qryvanta_owner revoke execute on functions from public;
alter default privileges for role qryvanta_ddl revoke execute on functions from public;

revoke create on schema public from public;

do $$
declare
    locking regprocedure;
begin
    -- A direct SQL login could block publishers and workers with advisory locks, forge
    -- notifications, or hide data in large objects.
    for locking in
        select p.oid::regprocedure
        from pg_catalog.pg_proc p
        where p.pronamespace = 'pg_catalog'::regnamespace
            and (
                p.proname ~ '^pg_(try_)?advisory'
                or p.proname ~ '^lo_'
                or p.proname in ('loread', 'lowrite', 'pg_notify')
            )
    loop
        execute format('revoke execute on function %s from public', locking);
        if locking::text !~ '^lo' then
            execute format(
                'grant execute on function %s to qryvanta_owner, qryvanta_server, qryvanta_worker',
                locking
            );
        end if;
    end loop;
    execute format(
        'revoke create, temporary on database %I from public', current_database()
    );
    execute format('grant create on database %I to qryvanta_owner', current_database());
    -- The import command stages its file in a temporary table.
    execute format('grant temporary on database %I to qryvanta_worker', current_database());
end
$$;

create schema tenancy authorization qryvanta_owner;
create schema identity authorization qryvanta_owner;
create schema meta authorization qryvanta_owner;
create schema compile authorization qryvanta_owner;
create schema publish authorization qryvanta_owner;
create schema audit authorization qryvanta_owner;
create schema queue authorization qryvanta_owner;
create schema api authorization qryvanta_owner;
create schema storage authorization qryvanta_owner;
create schema lint authorization qryvanta_owner;

grant usage on schema tenancy, identity, audit, storage, api to qryvanta_app;
grant usage on schema storage, api to qryvanta_gateway;

comment on schema tenancy is 'Tenants and the tenant of the transaction';
comment on schema identity is 'Users, memberships, sessions, API tokens, direct SQL logins';
comment on schema meta is 'The draft model: apps, entities, fields, relations, rules, roles';
comment on schema compile is 'Model to DDL: desired objects minus the catalogue is the plan';
comment on schema publish is 'Published versions, the steps that ran, drift';
comment on schema audit is 'The change log, append-only';
comment on schema queue is 'The job queue of the workers (pgqueuer)';
comment on schema api is 'What the server calls';
comment on schema storage is 'Files: their facts and their content in chunks';
comment on schema lint is 'Views of what must never be true';

commit;
