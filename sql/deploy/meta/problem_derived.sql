-- Deploy qryvanta:meta/problem_derived to pg
-- requires: meta/element compile/definition compile/role publish/built
-- Names that publishing would derive and that clash. Asked only of a model that is otherwise sound.

begin;

set local role qryvanta_owner;

create function meta.problem_column(model jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        format('entities/%s/fields/%s', c.table_name, f.name),
        format('its column %s is the column of another field or of the platform',
            to_json(c.column_name))
    from (
        select d.table_name, d.column_name, max(d.place) as place
        from compile.desired_column(model) d
        group by d.table_name, d.column_name
        having count(*) > 1
    ) c
    join lateral (
        select x.name
        from compile.field_column(model) x
        where x.table_name = c.table_name and x.column_name = c.column_name
        order by x.place desc
        limit 1
    ) f on true
    union all
    select
        format('entities/%s/fields/%s/precision', f.table_name, f.name),
        'the precision of an indexed decimal must be from 1 to 300'
    from compile.field(model) f
    where f.field ->> 'order_column' is not null and (f.field ->> 'precision')::integer > 300
    union all
    select 'entities/' || c.table_name, format('%s columns are more than 1,000', count(*))
    from compile.desired_column(model) c
    group by c.table_name
    having count(*) > 1000
    union all
    select 'entities',
    format('%s entities are more than 5,000', jsonb_array_length(model -> 'entities'))
    where jsonb_array_length(model -> 'entities') > 5000
$$;

comment on function meta.problem_column(jsonb) is
'Columns that clash or hold too much, and too many of them';

create function meta.problem_derived(model jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
    with definition as (
        select d.* from compile.desired_definition(model) d
    )
    select
        'entities/' || min(d.table_name),
        format('two generated names are both %s (a %s): rename a field, rule or entity',
            to_json(d.name), d.kind)
    from definition d
    where d.kind not in ('default', 'formula', 'function', 'index')
    group by d.kind, d.table_name, d.name
    having count(*) > 1
    union all
    -- Tables, indexes and the indexes of keys share one space of names in a schema.
    select
        'entities/' || min(r.table_name),
        format('two generated names are both %s: rename a field, key or entity', to_json(r.name))
    from (
        select d.table_name, d.name
        from definition d
        where d.kind in ('index', 'view') or (d.kind = 'constraint' and d.definition ~ '^(primary key|unique)')
        union all
        select e.table_name, e.table_name
        from compile.entity(model) e
    ) r
    group by r.name
    having count(*) > 1
    union all
    select 'entities',
    format('two generated functions are both %s: rename an entity', to_json(d.name))
    from definition d
    where d.kind = 'function'
    group by d.name
    having count(*) > 1
$$;

comment on function meta.problem_derived(jsonb) is
'Constraints, indexes, policies, triggers and functions whose names clash';

create function meta.problem_role(model jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select 'roles', format('two roles of the database would be named %s', to_json(d.role_name))
    from compile.desired_role(model) d
    group by d.role_name
    having count(*) > 1
    union all
    select 'roles', format('the role %s of the database is no role of an app', to_json(d.role_name))
    from compile.desired_role(model) d
    join pg_catalog.pg_roles r on r.rolname = d.role_name
    where r.rolcanlogin or r.rolsuper or r.rolbypassrls or r.rolname ~ '^(qryvanta_|pg_)'
    union all
    select 'roles',
    format('the role %s of the database belongs to the app %s', to_json(d.role_name), a.name)
    from compile.desired_role(problem_role.model) d
    join publish.version v on true
    join meta.app a on a.app_id = v.app_id and a.published_version = v.number
    join lateral compile.desired_role(v.model) o on o.role_name = d.role_name
    -- Qualified: a version has a model too.
    where a.name <> problem_role.model -> 'app' ->> 'name'
    union all
    select 'app/name',
    format('there is a schema %s already that is not of this app', to_json(n.nspname))
    from pg_catalog.pg_namespace n
    where n.nspname = model -> 'app' ->> 'name'
        and not exists (
            select from meta.app a
            where a.name = n.nspname and a.published_version is not null
        )
        -- One that is being built is of this app.
        and not exists (
            select
            from publish.built b
            join meta.app a using (app_id)
            where a.name = n.nspname and b.kind = 'schema' and b.name = n.nspname
        )
$$;

comment on function meta.problem_role(jsonb) is
'Roles and schemas of the database that belong to something else';

commit;
