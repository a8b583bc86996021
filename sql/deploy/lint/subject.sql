-- Deploy qryvanta:lint/subject to pg
-- requires: publish/version compile/name audit/change
-- What is looked at: the schemas of published apps and our own. Functions, not views, so that
-- every view of the schema is a lint; and with a pinned path, so that expressions read alike
-- for everybody.

begin;

set local role qryvanta_owner;

create function lint.subject_schema()
    returns table (schema_name text, of_app boolean)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select a.name::text, true
    from meta.app a
    where a.published_version is not null
    union all
    select s.name, false
    from unnest(array[
        'tenancy', 'identity', 'meta', 'compile', 'publish', 'audit', 'queue', 'storage', 'api', 'lint'
    ]) as s (name)
$$;

comment on function lint.subject_schema() is
'The schemas of published apps and those of the platform';


create function lint.relation()
    returns table (
        relation_id oid, schema_name text, table_name text, object text, of_app boolean,
        kind "char", owner_id oid, options text[], partition boolean, row_security boolean,
        force_row_security boolean, rights aclitem[]
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        c.oid, s.schema_name, c.relname::text, format('%I.%I', n.nspname, c.relname),
        s.of_app, c.relkind, c.relowner, c.reloptions, c.relispartition, c.relrowsecurity,
        c.relforcerowsecurity, c.relacl
    from lint.subject_schema() s
    join pg_catalog.pg_namespace n on n.nspname = s.schema_name
    join pg_catalog.pg_class c on c.relnamespace = n.oid
    -- A column or table that publishing set aside waits to be dropped and is granted to nobody.
    where c.relname not like '\_dropped\_%'
$$;

comment on function lint.relation() is 'The tables, views, indexes and sequences of those schemas';


create function lint.routine()
    returns table (
        routine_id oid, object text, of_app boolean, owner_id oid, definer boolean,
        text_body boolean, language_name name, settings text[], leakproof boolean, rights aclitem[]
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        p.oid, p.oid::regprocedure::text, s.of_app, p.proowner, p.prosecdef, p.prosqlbody is null,
        l.lanname, p.proconfig, p.proleakproof, coalesce(p.proacl, acldefault('f', p.proowner))
    from lint.subject_schema() s
    join pg_catalog.pg_namespace n on n.nspname = s.schema_name
    join pg_catalog.pg_proc p on p.pronamespace = n.oid
    join pg_catalog.pg_language l on l.oid = p.prolang
$$;

comment on function lint.routine() is 'The functions of those schemas';


create function lint.row_policy()
    returns table (
        object text, permissive boolean, everybody boolean, of_search boolean, condition text,
        check_condition text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        format('%s policy %I', r.object, p.polname), p.polpermissive, p.polroles = '{0}',
        p.polroles = array['qryvanta_search'::regrole::oid],
        pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
    from lint.relation() r
    join pg_catalog.pg_policy p on p.polrelid = r.relation_id
    where r.of_app
$$;

comment on function lint.row_policy() is 'The row policies of published apps';


create function lint.relation_right()
    returns table (
        object text, of_app boolean, partition boolean, owner_id oid, grantee oid, privilege text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select r.object, r.of_app, r.partition, r.owner_id, x.grantee, x.privilege_type
    from lint.relation() r
    cross join lateral aclexplode(r.rights) x
    where r.kind in ('r', 'p', 'v', 'm', 'f') and x.grantee <> r.owner_id
    union all
    select
        format('%s.%I', r.object, a.attname), r.of_app, r.partition, r.owner_id, x.grantee,
        x.privilege_type
    from lint.relation() r
    join pg_catalog.pg_attribute a on a.attrelid = r.relation_id and not a.attisdropped
    cross join lateral aclexplode(a.attacl) x
    where x.grantee <> r.owner_id
$$;

comment on function lint.relation_right() is
'Rights on tables, views and columns, beside their owner''s';


create function lint.own_role()
    returns table (role_id oid, name text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select r.oid, r.rolname::text
    from pg_catalog.pg_roles r
    where not r.rolsuper
        and (
            r.rolname like 'qryvanta\_%'
            or r.rolname = 'tenant_setting'
            or r.rolname in (select l.login from tenancy.database_login l)
            -- Every role of an app and every direct SQL login is a member of it.
            or pg_has_role(r.oid, 'qryvanta_app', 'member')
        )
    union all
    select r.oid, r.rolname::text
    from pg_catalog.pg_roles r
    where r.rolsuper
        and (
            r.rolname like 'qryvanta\_%'
            or r.rolname = 'tenant_setting'
            or r.rolname in (select l.login from tenancy.database_login l)
        )
$$;

comment on function lint.own_role() is
'The roles of the platform, of apps and of direct SQL logins; a superuser only by its name, '
'because it is a member of everything';

commit;
