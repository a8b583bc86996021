-- Deploy qryvanta:compile/grant to pg
-- requires: compile/role compile/search

begin;

set local role qryvanta_owner;

create function compile.column_access(model jsonb)
    returns table (
        schema_name text, table_name text, role text, column_name text, may_select boolean,
        may_insert boolean, may_update boolean
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        g.schema_name, g.table_name, g.role, c.name, g.read_scope <> 'none' and c.access <> 'none',
        g.may_create and c.insertable and c.access = 'write',
        g.update_scope <> 'none' and c.updatable and c.access = 'write'
    from compile.grant_row(model) g
    cross join lateral (
        select
            x.given ->> 'name' as name,
            coalesce(g.fields ->> (f.field ->> 'name'), 'write') as access,
            n.is_given as insertable,
            n.is_given as updatable
        from jsonb_array_elements(g.entity -> 'fields') as f (field)
        cross join lateral jsonb_array_elements(f.field -> 'columns') as x (given)
        cross join lateral (
            select coalesce(f.field ->> 'formula_sql', f.field ->> 'rollup') is null as is_given
        ) n
        union all
        select s.name, 'write', s.insertable, s.updatable
        from (values
            ('tenant_id', true, false, true), ('id', true, false, true),
            ('owner_id', true, true, g.owned), ('created_at', false, false, true),
            ('created_by', false, false, true), ('updated_at', false, false, true),
            ('updated_by', false, false, true), ('version', false, false, true),
            ('deleted_at', false, true, g.recycled)
        ) as s (name, insertable, updatable, present)
        where s.present
    ) c
$$;

comment on function compile.column_access(jsonb) is
'What each role may do with each column: stamps and keys are never written, formulas and rollups '
'neither';

create function compile.internal_reader(model jsonb)
    returns table (schema_name text, table_name text, column_name text, part text, role text)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select i.schema_name, i.table_name, i.column_name, i.part, a.role
    from compile.internal_column(model) i
    join compile.column_access(model) a
        on a.schema_name = i.schema_name and a.table_name = i.table_name
            and a.column_name = any(i.sources) and a.may_select
    group by i.schema_name, i.table_name, i.column_name, i.part, i.sources, a.role
    having count(*) = cardinality(i.sources)
$$;

comment on function compile.internal_reader(jsonb) is
'Who may read a column that serves an index: the roles that may read all that it is made of';

create function compile.hierarchy_grant(model jsonb)
    returns table (
        schema_name text, table_name text, column_name text, grantee text, privilege text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select h.schema_name, h.view_name, '', r.grantee, 'SELECT'
    from compile.hierarchy(model) h
    join compile.column_access(model) a using (schema_name, table_name, column_name)
    cross join lateral unnest(
        array[compile.app_role(a.schema_name, a.role), compile.bi_role(a.schema_name, a.role)]
    ) as r (grantee)
    where a.may_select
$$;

comment on function compile.hierarchy_grant(jsonb) is
'Who reads the lookup of a hierarchy reads its view too, which shows nobody more than the table';

create function compile.desired_grant(model jsonb)
    returns table (
        schema_name text, table_name text, column_name text, grantee text, privilege text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with native as materialized (
        select
            g.role, compile.app_role(min(g.schema_name), g.role) as app_role,
            compile.bi_role(min(g.schema_name), g.role) as bi_role
        from compile.grant_row(model) g
        group by g.role
    )

    select model -> 'app' ->> 'name', '', '', d.role_name, 'USAGE'
    from compile.desired_role(model) d
    union all
    select a.schema_name, a.table_name, a.column_name, r.grantee, r.privilege
    from compile.column_access(model) a
    join native n on n.role = a.role
    cross join lateral (values
        (n.app_role, 'SELECT', a.may_select),
        (n.bi_role, 'SELECT', a.may_select),
        (n.app_role, 'INSERT', a.may_insert),
        (n.app_role, 'UPDATE', a.may_update)
    ) as r (grantee, privilege, wanted)
    where r.wanted
    union all
    select i.schema_name, x.object_name, x.column_name, x.grantee, x.privilege
    from compile.internal_reader(model) i
    left join compile.search(model) s
        on i.part = 'search' and s.schema_name = i.schema_name and s.table_name = i.table_name
    cross join lateral (values
        (i.table_name, i.column_name, compile.app_role(i.schema_name, i.role), 'SELECT'),
        (i.table_name, i.column_name, compile.bi_role(i.schema_name, i.role), 'SELECT'),
        -- Not a direct SQL login: the function answers for the whole tenant.
        (s.signature, '', compile.app_role(i.schema_name, i.role), 'EXECUTE')
    ) as x (object_name, column_name, grantee, privilege)
    where x.object_name is not null
    union all
    select * from compile.search_grant(model)
    union all
    select * from compile.hierarchy_grant(model)
    union all
    select g.schema_name, g.table_name, '', compile.app_role(g.schema_name, g.role), 'DELETE'
    from compile.grant_row(model) g
    where g.delete_scope <> 'none'
$$;

comment on function compile.desired_grant(jsonb) is
'Rights that a model asks for; table_name is empty for the schema, column_name for the whole '
'table; a function of search stands as a table, with the types of its arguments';

create function compile.actual_grant(schema_name text, but_tables text[] default '{}')
    returns table (
        schema_name text, table_name text, column_name text, grantee text, privilege text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- Materialized: rights are unpacked for these tables only, not for all and then thrown away.
    with seen as materialized (
        select c.oid, c.relname, c.relacl, c.relowner
        from pg_catalog.pg_class c
        where c.relnamespace = to_regnamespace(quote_ident(actual_grant.schema_name))
            and c.relkind in ('r', 'p', 'v')
            and not exists (select from unnest(but_tables) b (name) where b.name = c.relname)
    ),
    held as (
        select '' as table_name, '' as column_name, n.nspowner as owner_id, x.*
        from pg_catalog.pg_namespace n
        cross join lateral aclexplode(n.nspacl) x
        where n.nspname = actual_grant.schema_name
        union all
        select c.relname, '', c.relowner, x.*
        from seen c
        cross join lateral aclexplode(c.relacl) x
        union all
        select c.relname, a.attname, c.relowner, x.*
        from seen c
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and not a.attisdropped
        cross join lateral aclexplode(a.attacl) x
        union all
        select format('%I(tsquery, text)', p.proname), '', p.proowner, x.*
        from pg_catalog.pg_proc p
        cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
        where p.pronamespace = to_regnamespace(quote_ident(actual_grant.schema_name))
            and oidvectortypes(p.proargtypes) = 'tsquery, text'
    )

    select
        actual_grant.schema_name, h.table_name, h.column_name,
        coalesce(pg_get_userbyid(nullif(h.grantee, 0))::text, 'public'), h.privilege_type
    from held h
    where h.grantee <> h.owner_id
$$;

comment on function compile.actual_grant(text, text []) is
'The rights that are granted on schemas, tables, columns and functions of search';

create function compile.grant_statement(
    verb text, schema_name text, table_name text, grantees text, rights text
)
    returns text
    immutable
    language sql
-- grantees: quoted; rights: privileges of a closed list with their quoted columns.
return format(
    case verb when 'grant' then 'grant %s on %s to %s' else 'revoke %s on %s from %s' end,
    rights,
    case
        when table_name = '' then format('schema %I', schema_name)
        when table_name like '%)' then format('function %I.%s', schema_name, table_name)
        else format('%I.%I', schema_name, table_name)
    end,
    grantees
);

comment on function compile.grant_statement(text, text, text, text, text) is 'A GRANT or REVOKE';

create function compile.live_grant(model jsonb)
    returns table (
        schema_name text, table_name text, column_name text, grantee text, privilege text,
        found_table text, found_name text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        a.schema_name, coalesce(t.table_name, a.table_name), coalesce(c.column_name, a.column_name),
        a.grantee, a.privilege, a.table_name, a.column_name
    from compile.actual_grant(
        model -> 'app' ->> 'name',
        array(
            select s.name from compile.settled_name(model) s
            union all
            select v.name
            from compile.actual_view v
            join compile.settled_name(model) s on s.name = v.table_name
            where v.schema_name = model -> 'app' ->> 'name'
        )
    ) a
    left join compile.live_table(model) t on t.found_name = a.table_name
    left join compile.live_column(model) c
        on a.column_name <> '' and c.found_table = a.table_name and c.found_name = a.column_name
    where not model ? 'ungranted'
        and not exists (
            select
            from compile.settled_function(model) f
            where a.table_name = format('%I(tsquery, text)', f.name)
        )
$$;

comment on function compile.live_grant(jsonb) is
'The rights on an app''s schema, by the names of the model and by those that are found; none when '
'the model says that its tables are ungranted';

create function compile.grant_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with different as (
        select
            case when a.grantee is null then 'grant' else 'revoke' end as verb,
            -- A right is taken before anything is renamed, and given after it.
            schema_name, coalesce(a.found_table, table_name) as table_name, grantee, privilege,
            string_agg(
                quote_ident(nullif(coalesce(a.found_name, column_name), '')), ', '
                order by column_name
            ) as columns
        from compile.desired_grant(model) d
        full join compile.live_grant(model) a
            using (schema_name, table_name, column_name, grantee, privilege)
        where a.grantee is null or d.grantee is null
        group by 1, 2, 3, 4, 5
    ),
    gathered as (
        select
            x.verb, x.schema_name, x.table_name, x.grantee,
            string_agg(
                lower(x.privilege) || coalesce(' (' || x.columns || ')', ''), ', '
                    order by x.privilege
            ) as rights
        from different x
        group by x.verb, x.schema_name, x.table_name, x.grantee
    )
    select
        'transactional', case g.verb when 'grant' then 91 else 17 end, g.verb,
        concat(g.schema_name, '.' || nullif(g.table_name, ''), ' to ', g.grantees),
        compile.grant_statement(g.verb, g.schema_name, g.table_name, g.quoted, g.rights), 'safe',
        case g.verb when 'grant' then 'the roles have this right'
            else 'no role of the model has this right' end,
        -- A function of search is not the owner's.
        case when g.table_name like '%)' then 'executor' else 'owner' end
    from (
        -- Who gets the same at once: a statement writes each column once.
        select
            x.verb, x.schema_name, x.table_name, x.rights,
            string_agg(x.grantee, ', ' order by x.grantee) as grantees,
            string_agg(
                case when x.grantee = 'public' then 'public' else quote_ident(x.grantee) end, ', '
                order by x.grantee
            ) as quoted
        from gathered x
        group by x.verb, x.schema_name, x.table_name, x.rights,
            case x.verb when 'revoke' then x.grantee end
    ) g
$$;

comment on function compile.grant_step(jsonb) is 'Rights to grant and to revoke';

commit;
