-- Deploy qryvanta:compile/policy to pg
-- requires: compile/step
-- Which rows a role sees and writes. One permissive policy a role and command, each with the tenant
-- in it; the policy speaks to the app role and to its mirror for direct SQL logins alike.

begin;

set local role qryvanta_owner;

create function compile.grant_row(model jsonb)
    returns table (
        schema_name text, table_name text, role text, place bigint, owned boolean, recycled boolean,
        read_scope text, may_create boolean, update_scope text, delete_scope text, fields jsonb,
        entity jsonb
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        e.schema_name, e.table_name, r.role ->> 'name', r.place, e.owned, e.recycled,
        g.grant ->> 'read', (g.grant ->> 'create')::boolean, g.grant ->> 'update',
        g.grant ->> 'delete',
        g.grant -> 'fields', e.entity
    from jsonb_array_elements(model -> 'roles') with ordinality as r (role, place)
    cross join lateral jsonb_array_elements(r.role -> 'grants') as g ("grant")
    join compile.entity(model) e on e.table_name = g.grant ->> 'entity'
    where compile.in_scope(model, e.table_name)
    union all
    -- Every app has this role: it may do everything in the tenant.
    select
        e.schema_name, e.table_name, '_owner', 0, e.owned, e.recycled, 'tenant', true, 'tenant',
        'tenant', '{}', e.entity
    from compile.entity(model) e
    where compile.in_scope(model, e.table_name)
$$;

comment on function compile.grant_row(jsonb) is 'What each role may do with each table';

create function compile.row_condition(scope text, recycled boolean)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
-- A sub-select is evaluated once a statement, a bare call once a row.
return 'tenant_id = (select tenancy.current_id())'
|| case when scope = 'own' then ' and owner_id = (select tenancy.current_user_id())' else '' end
|| case when recycled then ' and (deleted_at is null or (select tenancy.shows_deleted()))'
    else '' end;

comment on function compile.row_condition(text, boolean) is
'The condition of a policy: own rows or all of the tenant; without the recycle bin unless it is '
'asked for';

create function compile.desired_policy(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'policy', g.schema_name, g.table_name, compile.derived_name(g.role || '_' || c.command),
        format(
            c.template,
            compile.app_role(g.schema_name, g.role), compile.bi_role(g.schema_name, g.role),
            compile.row_condition(c.scope, g.recycled), compile.row_condition(c.scope, false)
        ),
        c.meaning
    from compile.grant_row(model) g
    cross join lateral (values
        (
            'read', g.read_scope, 'for select to %1$I, %2$I using (%3$s)',
            case g.read_scope when 'own' then 'Reads own records'
                else 'Reads the records of the tenant' end
        ),
        (
            'create', case when g.may_create then case g.read_scope when 'own' then 'own'
                else 'tenant' end else 'none' end,
            'for insert to %1$I with check (%4$s)', 'Creates records'
        ),
        (
            'update', g.update_scope, 'for update to %1$I using (%3$s) with check (%4$s)',
            case g.update_scope when 'own' then 'Changes own records'
                else 'Changes the records of the tenant' end
        ),
        (
            'delete', g.delete_scope, 'for delete to %1$I using (%3$s)',
            case g.delete_scope when 'own' then 'Deletes own records'
                else 'Deletes the records of the tenant' end
        )
    ) as c (command, scope, template, meaning)
    where c.scope <> 'none'
    union all
    select
        'policy', e.schema_name, e.table_name, '_definer',
        format(
            'for all to qryvanta_owner using (%1$s) with check (%1$s)',
            compile.row_condition('tenant', false)
        ),
        'Generated triggers work inside the tenant too'
    from compile.entity(model) e
$$;

comment on function compile.desired_policy(jsonb) is 'Row policies that a model asks for';

create view compile.actual_policy as
select
    'policy' as kind,
    n.nspname as schema_name,
    c.relname as table_name,
    p.polname as name,
    format(
        '%s %s to %s using (%s) with check (%s)',
        case when p.polpermissive then 'permissive' else 'restrictive' end,
        p.polcmd,
        (
            select string_agg(pg_get_userbyid(r.role_id), ', ' order by pg_get_userbyid(r.role_id))
            from unnest(p.polroles) as r (role_id)
        ),
        pg_get_expr(p.polqual, p.polrelid),
        pg_get_expr(p.polwithcheck, p.polrelid)
    ) as deparsed,
    obj_description(p.oid, 'pg_policy') as comment
from pg_catalog.pg_policy p
join pg_catalog.pg_class c on c.oid = p.polrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace;

comment on view compile.actual_policy is 'The row policies that are there';

commit;
