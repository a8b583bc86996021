-- Deploy qryvanta:publish/stray to pg
-- requires: publish/app
-- Drift of what no model speaks of, so that no plan can see it: objects that nobody published,
-- and properties of published ones that publishing never touches. Storage parameters,
-- tablespaces, statistics and replica identity are a DBA's to choose: no drift.

begin;

set local role qryvanta_owner;

create function publish.stray_object(app text)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- What somebody made here may be the only copy of its definition: dropped with leave only.
    select
        'transactional', 5, 'stray_' || o.kind, format('%I.%s', app, o.identity),
        format('drop %s %I.%s', replace(o.kind, '_', ' '), app, o.identity), 'loses data',
        format('nobody published this %s%s', replace(o.kind, '_', ' '), o.remark), 'administrator'
    from (
        select
            case c.relkind when 'v' then 'view' when 'm' then 'materialized_view'
                when 'S' then 'sequence' when 'f' then 'foreign_table' else 'type' end as kind,
            c.relname as name, quote_ident(c.relname) as identity, c.relnamespace as schema_id,
            case
                when c.relkind = 'v' and not coalesce((
                    select bool_or(x.option_value::boolean)
                    from pg_options_to_table(c.reloptions) x
                    where x.option_name = 'security_invoker'
                ), false)
                    then format('; it shows its readers what %s sees', pg_get_userbyid(c.relowner))
                else ''
            end as remark
        from pg_catalog.pg_class c
        where c.relkind in ('v', 'm', 'S', 'f', 'c')
            -- The sequence of an identity column goes with it.
            and not exists (
                select
                from pg_catalog.pg_depend d
                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'
                    and c.relkind = 'S'
            )
        union all
        select
            case when t.typtype = 'd' then 'domain' else 'type' end, t.typname,
            quote_ident(t.typname), t.typnamespace, ''
        from pg_catalog.pg_type t
        where t.typtype in ('d', 'e', 'r')
        union all
        select
            case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
            p.proname,
            format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
            p.pronamespace, ''
        from pg_catalog.pg_proc p
        -- Functions without arguments are in the plan.
        where p.prokind <> 'f' or p.pronargs > 0
    ) o
    where o.schema_id = to_regnamespace(quote_ident(app))
        and o.name not like '\_dropped\_%'
        and not exists (
            select from publish.definition d where d.schema_name = app and d.name = o.name
        )
$$;

comment on function publish.stray_object(text) is
'Views, sequences, types and functions in the schema of an app that nobody published';

create function publish.stray_owner(app text)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', 3, 'set_owner', o.target,
        format('alter %s %s owner to qryvanta_owner', o.kind, o.target), 'safe',
        format('it belongs to %s, published was qryvanta_owner', pg_get_userbyid(o.owner_id)),
        'administrator'
    from (
        select 'schema' as kind, format('%I', n.nspname) as target, n.nspowner as owner_id
        from pg_catalog.pg_namespace n
        where n.nspname = app
        union all
        select 'function', format('%I.%I()', app, p.proname), p.proowner
        from publish.definition d
        join pg_catalog.pg_proc p
            on p.proname = d.name and p.pronamespace = to_regnamespace(quote_ident(app))
                and p.pronargs = 0
        where d.schema_name = app and d.kind = 'function'
    ) o
    where pg_get_userbyid(o.owner_id) <> 'qryvanta_owner'
$$;

comment on function publish.stray_owner(text) is
'The schema and functions of an app in the hands of somebody else';

create function publish.stray_property(app text)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with published as (
        select c.*
        from pg_catalog.pg_class c
        where c.relnamespace = to_regnamespace(quote_ident(app)) and c.relkind in ('r', 'p')
            and c.relname in (
                select d.table_name from publish.definition d where d.schema_name = app
            )
    )
    select
        'transactional', 6, 'drop_rule', format('%I.%I.%I', app, c.relname, r.rulename),
        format('drop rule %I on %I.%I', r.rulename, app, c.relname), 'takes a lock',
        'nobody published this rule, which rewrites statements', 'owner'
    from published c
    join pg_catalog.pg_rewrite r on r.ev_class = c.oid
    union all
    select
        'transactional', 6, 'no_inherit', format('%I.%I', app, c.relname),
        format('alter table %s no inherit %s', i.inhrelid::regclass, i.inhparent::regclass),
        'takes a lock', format('%s inherits from %s', i.inhrelid::regclass, i.inhparent::regclass),
        'administrator'
    from published c
    join pg_catalog.pg_inherits i on c.oid in (i.inhrelid, i.inhparent)
    join pg_catalog.pg_class child on child.oid = i.inhrelid and not child.relispartition
    union all
    select
        'transactional', 6, 'set_logged', format('%I.%I', app, c.relname),
        format('alter table %I.%I set logged', app, c.relname), 'rewrites',
        'the table is unlogged: a crash empties it', 'owner'
    from published c
    where c.relpersistence = 'u'
    union all
    -- References are enforced by triggers that "disable trigger all" switches off.
    select distinct
        'transactional', 6, 'enable_trigger', format('%I.%I', app, c.relname),
        format('alter table %I.%I enable trigger all', app, c.relname), 'takes a lock',
        'its references are not enforced: their triggers are disabled', 'administrator'
    from published c
    join pg_catalog.pg_trigger t on t.tgrelid = c.oid and t.tgisinternal and t.tgenabled <> 'O'
    union all
    select
        'transactional', 6, 'drop_identity', format('%I.%I.%I', app, c.relname, a.attname),
        format('alter table %I.%I alter column %I drop identity', app, c.relname, a.attname),
        'takes a lock', 'the column numbers itself (identity)', 'owner'
    from published c
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attidentity <> ''
    where a.attname not like '\_dropped\_%'
    union all
    select
        'transactional', 6, 'set_collation', format('%I.%I.%I', app, c.relname, a.attname),
        format(
            'alter table %I.%I alter column %I type %s collate pg_catalog."default"', app,
            c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
        ),
        'rewrites', format('the column sorts by the collation %s', o.collname), 'executor'
    from published c
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and not a.attisdropped and a.attnum > 0
    join pg_catalog.pg_type t on t.oid = a.atttypid
    join pg_catalog.pg_collation o on o.oid = a.attcollation
    where a.attcollation <> t.typcollation and a.attname not like '\_dropped\_%'
$$;

comment on function publish.stray_property(text) is
'Properties of published tables that nobody published: rules, inheritance, unlogged, disabled '
'references, identity, collation';

create function publish.stray_right(app text)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- Who grants or revokes: the right is revoked as it was granted.
    select
        'transactional', 7, 'revoke', format('%s to %s', f.target, g.grantee),
        format('revoke all on function %s from %s', f.target, g.grantee), 'safe',
        'nobody but a trigger calls this function', 'owner'
    from publish.definition d
    join pg_catalog.pg_proc p
        on p.proname = d.name and p.pronamespace = to_regnamespace(quote_ident(app))
            and p.pronargs = 0
    cross join lateral (select format('%I.%I()', app, p.proname) as target) f
    cross join lateral (
        select distinct
            case x.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end
                as grantee
        from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
        where x.grantee <> p.proowner
    ) g
    where d.schema_name = app and d.kind = 'function'
    union all
    select
        'transactional', 8, 'grant', format('%I.%I to %I', app, c.relname, o.name),
        format('grant all on %I.%I to %I', app, c.relname, o.name), 'safe',
        'the owner lost rights that the generated triggers need', 'owner'
    from pg_catalog.pg_class c
    cross join lateral (select pg_get_userbyid(c.relowner) as name) o
    where c.relnamespace = to_regnamespace(quote_ident(app)) and c.relkind in ('r', 'p')
        and c.relacl is not null
        and c.relname not like '\_dropped\_%'
        and exists (
            select x.privilege_type from aclexplode(acldefault('r', c.relowner)) x
            except
            select x.privilege_type from aclexplode(c.relacl) x where x.grantee = c.relowner
        )
    union all
    select
        'transactional', 7, 'revoke', format('%I.%I to %s', app, c.relname, g.grantee),
        format(
            'revoke grant option for all on %I.%I from %s cascade', app, c.relname, g.grantee
        ),
        'safe', format('%s may grant its rights to others', g.grantee), 'owner'
    from pg_catalog.pg_class c
    cross join lateral (
        select distinct quote_ident(pg_get_userbyid(x.grantee)) as grantee
        from (
            select x.grantee, x.is_grantable from aclexplode(c.relacl) x
            union all
            select x.grantee, x.is_grantable
            from pg_catalog.pg_attribute a
            cross join lateral aclexplode(a.attacl) x
            where a.attrelid = c.oid
        ) x
        where x.is_grantable and x.grantee not in (0, c.relowner)
    ) g
    where c.relnamespace = to_regnamespace(quote_ident(app)) and c.relkind in ('r', 'p')
    union all
    select distinct
        'transactional', 7, 'revoke', format('%I: default rights of %s', app, x.grantee),
        format(
            'alter default privileges for role %I in schema %I revoke all on %s from %s',
            pg_get_userbyid(a.defaclrole), app, a.objects, x.grantee
        ),
        'safe', format('what %I makes here is granted to %s', pg_get_userbyid(a.defaclrole),
            x.grantee),
        'administrator'
    from (
        select
            d.*,
            case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'
                when 'f' then 'functions' when 'T' then 'types' end as objects
        from pg_catalog.pg_default_acl d
        where d.defaclnamespace = to_regnamespace(quote_ident(app))
    ) a
    cross join lateral (
        select case e.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end
            as grantee
        from aclexplode(a.defaclacl) e
    ) x
$$;

comment on function publish.stray_right(text) is
'Rights beside those on tables and columns: of functions, of the owner, to grant further, by '
'default';

create function publish.stray_role(manifest jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', 3, 'alter_role', d.role_name,
        format(
            'alter role %I nosuperuser nobypassrls nologin nocreaterole nocreatedb noreplication',
            d.role_name
        ),
        'safe', 'the role may more than any role of an app', 'administrator'
    from compile.desired_role(compile.resolved(manifest)) d
    join pg_catalog.pg_roles r on r.rolname = d.role_name
    where r.rolsuper or r.rolbypassrls or r.rolcanlogin or r.rolcreaterole or r.rolcreatedb
        or r.rolreplication
$$;

comment on function publish.stray_role(jsonb) is 'Roles of an app that were made powerful';

create function publish.stray(app_id uuid)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select s.*
    from meta.app a
    cross join lateral (
        select * from publish.stray_role(publish.current_manifest(a.app_id))
        union all
        select * from publish.stray_owner(a.name)
        union all
        select * from publish.stray_object(a.name)
        union all
        select * from publish.stray_property(a.name)
        union all
        select * from publish.stray_right(a.name)
    ) s
    where a.app_id = stray.app_id and a.published_version is not null
    order by s.rank, s.target
$$;

comment on function publish.stray(uuid) is
'Drift of what no model speaks of, as the steps that would repair it';

create function publish.repair_stray(app_id uuid, allow_data_loss boolean)
    returns setof compile.step
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    administrator text := current_setting('role');
    step compile.step;
begin
    perform set_config('qryvanta.publish', 'on', true);
    perform set_config('lock_timeout', '500ms', true);
    for step in select s.* from publish.stray(repair_stray.app_id) s loop
        -- Something of a stranger's is no reason to leave all else unrepaired.
        continue when step.risk = 'loses data' and not allow_data_loss;
        perform publish.become(step.run_as, administrator);
        execute step.statement;
        perform publish.become('administrator', administrator);
        return next step;
    end loop;
end
$$;

comment on function publish.repair_stray(uuid, boolean) is
'Repairs drift of what no model speaks of; the steps that ran. What loses data only with leave';

commit;
