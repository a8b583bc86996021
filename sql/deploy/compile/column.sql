-- Deploy qryvanta:compile/column to pg
-- requires: compile/table compile/internal
-- The columns that a model asks for, and which of those that are there they are.

begin;

set local role qryvanta_owner;

create function compile.default_of(type text, default_sql text, field_id uuid, format text)
    returns text
    immutable
    language sql
return coalesce(
    default_of.default_sql,
    case
        when default_of.type = 'autonumber'
            then pg_catalog.format('tenancy.next_number(%L::uuid, %L::text)', field_id,
                default_of.format)
    end
);

comment on function compile.default_of(text, text, uuid, text) is
'The DEFAULT of a column, null for none';

create function compile.draws_number(default_sql text)
    returns boolean
    immutable
    parallel safe
    language sql
return coalesce(draws_number.default_sql like 'tenancy.next_number(%', false);

comment on function compile.draws_number(text) is
'Whether a default counts: rows that are there get their numbers tenant by tenant, not by it';

create function compile.target_part(model jsonb, target text)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select e.entity_id::text
    from compile.entity(model) e
    where e.table_name = target_part.target
);

comment on function compile.target_part(jsonb, text) is
'What tells the column of a target from those of other targets, also after the target is renamed';

create function compile.part_of(model jsonb, part text, target text)
    returns text
    immutable
    language sql
    -- Inlined: asked for every column.
return case
    when part_of.part is not null and part_of.target is not null
        then compile.target_part(model, part_of.target)
    else coalesce(part_of.part, '')
end;

comment on function compile.part_of(jsonb, text, text) is
'Which of the columns of its field a column is, by ids: empty where it is the only one';

create function compile.desired_column(model jsonb)
    returns table (
        schema_name text, table_name text, column_name text, place bigint, sql_type text,
        not_null boolean, default_sql text, formula_sql text, comment text, element_id uuid,
        part text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- An internal function of text and ids of ours: see compile.field for the user's part.
    select
        e.schema_name, e.table_name, c.name, c.position, c.sql_type, c.not_null, c.default_sql,
        null, c.meaning, md5(e.entity_id::text || c.name)::uuid, ''
    from compile.entity(model) e
    cross join lateral (values
        ('tenant_id', -2, 'uuid', true, 'tenancy.required_id()', 'Tenant: whose record this is',
            true),
        ('id', -1, 'uuid', true, 'tenancy.new_id()', 'Id: the key of the record (uuid version 7)',
            true),
        ('owner_id', 10001, 'uuid', false, 'tenancy.current_user_id()',
            'Owner: the member who owns the record', e.owned),
        ('created_at', 10002, 'timestamp with time zone', true, 'now()', 'Created at', true),
        ('created_by', 10003, 'uuid', false, 'tenancy.current_user_id()', 'Created by: a user',
            true),
        ('updated_at', 10004, 'timestamp with time zone', true, 'now()', 'Last changed at', true),
        ('updated_by', 10005, 'uuid', false, 'tenancy.current_user_id()',
            'Last changed by: a user', true),
        ('version', 10006, 'bigint', true, '1', 'Version: grows by 1 with each change', true),
        ('deleted_at', 10007, 'timestamp with time zone', false, null,
            'When it went to the recycle bin; null while it is live', e.recycled)
    ) as c (name, position, sql_type, not_null, default_sql, meaning, present)
    where c.present and compile.in_scope(model, e.table_name)
    union all
    select
        f.schema_name, f.table_name, f.column_name, f.place, f.sql_type,
        -- Which of several columns is filled is a matter of a check.
        f.sole and (f.field ->> 'required')::boolean,
        compile.default_of(
            f.field ->> 'type', f.field ->> 'default_sql', f.field_id, f.field ->> 'format'
        ),
        f.field ->> 'formula_sql',
        (f.field ->> 'label')
        || coalesce(format(' (%s)', replace(f.part, '_', ' ')), '')
        || coalesce(': ' || nullif(f.field ->> 'description', ''), '')
        || coalesce(' [' || (
            select string_agg(
                c.choice ->> 'value'
                || case
                    when c.choice ->> 'label' = c.choice ->> 'value' then ''
                    else ' = ' || (c.choice ->> 'label')
                end,
                ', '
                order by c.position
            )
            from jsonb_array_elements(f.field -> 'choices') with ordinality as c (choice, position)
        ) || ']', '')
        || coalesce(' ' || (f.field -> 'rollup' ->> 'mark'), ''),
        f.field_id, compile.part_of(model, f.part, f.target)
    from compile.field_column(model) f
    where compile.in_scope(model, f.table_name)
    union all
    select
        i.schema_name, i.table_name, i.column_name, i.place, i.sql_type, false, null, i.formula_sql,
        i.comment, i.element_id, i.part
    from compile.internal_column(model) i
    where compile.in_scope(model, i.table_name)
$$;

comment on function compile.desired_column(jsonb) is
'The columns that a model asks for, in the order of the contract; place counts from 1 for fields, '
'element_id and part are what publish.place knows them by';

create function compile.found_column(model jsonb)
    returns table (
        schema_name text, found_table text, table_name text, found_name text, column_name text,
        table_id oid, column_no smallint, sql_type text, not_null boolean, generated boolean,
        comment text, replaced text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with placed as materialized (
        select p.element_id, p.part, p.table_id, p.column_no
        from publish.placement p
        where p.app_id = (model -> 'app' ->> 'id')::uuid
            and p.column_no is not null
            and not exists (
                select from compile.settled_table(model) s where s.table_id = p.kept_table_id
            )
    ),
    wanted as materialized (
        select
            c.table_name, c.element_id, c.part, c.column_name, c.sql_type,
            c.formula_sql is not null as formula,
            compile.next_name(c.column_name, c.sql_type) as next_name
        from compile.desired_column(model) c
    ),
    matched as materialized (
        select
            a.*, t.table_name as wanted_table,
            coalesce(w.column_name, n.column_name, x.column_name) as wanted_name,
            coalesce(w.sql_type, n.sql_type, x.sql_type) as wanted_type,
            coalesce(w.formula, n.formula, x.formula) as formula,
            x.column_name is not null as prepared
        from compile.live_table(model) t
        join compile.actual_column a using (table_id)
        left join placed p on p.table_id = a.table_id and p.column_no = a.column_no
        left join wanted w
            on w.table_name = t.table_name and w.element_id = p.element_id and w.part = p.part
        -- A column that nobody published is taken for the field of its name.
        left join wanted n
            on p.element_id is null
                and n.table_name = t.table_name
                and n.column_name = a.column_name
                and not exists (
                    select
                    from placed o
                    where o.table_id = t.table_id and o.element_id = n.element_id
                        and o.part = n.part
                )
        left join wanted x
            on p.element_id is null
                and n.column_name is null
                and x.table_name = t.table_name
                and x.next_name = a.column_name
                -- What another draft prepared is of no use to a field that is to stay as it is.
                and not exists (
                    select
                    from placed o
                    join compile.actual_column b using (table_id, column_no)
                    where o.table_id = t.table_id and o.element_id = x.element_id
                        and o.part = x.part and b.sql_type = x.sql_type
                        and not exists (
                            select
                            from jsonb_array_elements(model -> 'remedies') r
                            where r ->> 'element_id' = x.element_id::text
                                and r ->> 'action' <> 'new_rows'
                        )
                )
    ),
    -- PostgreSQL changes neither the type of a generated column nor that of a column it reads.
    calculated_anew as materialized (
        select m.table_id, m.column_no
        from matched m
        where m.generated and m.formula and m.sql_type <> m.wanted_type
        union
        select m.table_id, m.column_no
        from (
            select x.table_id, x.column_no
            from matched x
            where not x.generated and x.sql_type is distinct from x.wanted_type
        ) r
        -- Looked up for the few that change: "offset 0" keeps it from joining.
        cross join lateral (
            select f.adnum as column_no
            from pg_catalog.pg_depend d
            join pg_catalog.pg_attrdef f on f.oid = d.objid
            where d.refclassid = 'pg_catalog.pg_class'::regclass
                and d.refobjid = r.table_id
                and d.refobjsubid = r.column_no
                and d.classid = 'pg_catalog.pg_attrdef'::regclass
                and f.adrelid = r.table_id
                and f.adnum <> r.column_no
            offset 0
        ) reader
        join matched m
            on m.table_id = r.table_id and m.column_no = reader.column_no and m.generated
    )
    select
        m.schema_name, m.table_name, m.wanted_table, m.column_name,
        case
            -- A column of values does not become a formula: it is set aside with its values.
            when m.formula and not m.generated then null
            when n.column_no is not null then null
            when r.column_no is not null then null
            else m.wanted_name
        end,
        m.table_id, m.column_no, m.sql_type, m.not_null, m.generated, m.comment,
        case when r.column_no is not null then m.wanted_name end
    from matched m
    left join calculated_anew n using (table_id, column_no)
    left join matched r
        on r.prepared and not m.prepared and r.table_id = m.table_id
            and r.wanted_name = m.wanted_name
$$;

comment on function compile.found_column(jsonb) is
'The columns of an app''s tables: how they are called and what the model calls them (null for a '
'column that the model does not ask for, or not as it is); replaced: what takes its place';

create function compile.live_column(model jsonb)
    returns table (
        schema_name text, found_table text, table_name text, found_name text, column_name text,
        table_id oid, column_no smallint, sql_type text, not_null boolean, generated boolean,
        comment text, replaced text, planned boolean
    )
    immutable
    rows 1000
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select c.*
    from jsonb_to_recordset(model -> 'live_columns') as c (
        schema_name text, found_table text, table_name text, found_name text, column_name text,
        table_id oid, column_no smallint, sql_type text, not_null boolean, generated boolean,
        comment text, replaced text, planned boolean
    )
$$;

comment on function compile.live_column(jsonb) is
'compile.found_column() as compile.situated() looked it up, once for all steps of a plan; planned: '
'a column of a large table that is yet to be prepared';

create function compile.column_clause(
    column_name text, sql_type text, not_null boolean, default_sql text, formula_sql text
)
    returns text
    immutable
    language sql
-- Unquoted: a type of our own closed list, and expressions that passed the gate in canonical form.
return format('%I %s', column_name, sql_type)
|| case when formula_sql is not null then format(' generated always as (%s) stored', formula_sql)
    else '' end
|| case when default_sql is not null then format(' default %s', default_sql) else '' end
|| case when not_null then ' not null' else '' end;

comment on function compile.column_clause(text, text, boolean, text, text) is
'A column as in create table';

commit;
