-- Deploy qryvanta:compile/column to pg
-- requires: compile/internal

begin;

set local role qryvanta_owner;

create function compile.default_of(type text, default_sql text, field_id uuid, format text)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
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

create function compile.desired_column(model jsonb)
    returns table (
        schema_name text, table_name text, column_name text, place bigint, sql_type text,
        not_null boolean, default_sql text, formula_sql text, comment text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- An internal function of text and ids of ours: see compile.field for the user's part.
    select
        e.schema_name, e.table_name, c.name, c.position, c.sql_type, c.not_null, c.default_sql,
        null, c.meaning
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
    where c.present
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
    from compile.field_column(model) f
    union all
    select
        i.schema_name, i.table_name, i.column_name, i.place, i.sql_type, false, null, i.formula_sql,
        i.comment
    from compile.internal_column(model) i
$$;

comment on function compile.desired_column(jsonb) is
'The columns that a model asks for, in the order of the contract; position counts from 1 for '
'fields';

create view compile.actual_column as
select
    n.nspname as schema_name,
    c.relname as table_name,
    a.attname as column_name,
    format_type(a.atttypid, a.atttypmod) as sql_type,
    a.attnotnull as not_null,
    a.attgenerated <> '' as generated,
    col_description(c.oid, a.attnum) as comment
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped;

comment on view compile.actual_column is 'The columns that are there';

create function compile.column_clause(
    column_name text, sql_type text, not_null boolean, default_sql text, formula_sql text
)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
-- Unquoted: a type of our own closed list, and expressions that passed the gate in canonical form.
return format('%I %s', column_name, sql_type)
|| case when formula_sql is not null then format(' generated always as (%s) stored', formula_sql)
    else '' end
|| case when default_sql is not null then format(' default %s', default_sql) else '' end
|| case when not_null then ' not null' else '' end;

comment on function compile.column_clause(text, text, boolean, text, text) is
'A column as in create table';

create function compile.add_column_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', 40, 'add_column',
        format('%s.%s.%s', d.schema_name, d.table_name, d.column_name),
        format(
            'alter table %I.%I add column %s', d.schema_name, d.table_name,
            compile.column_clause(d.column_name, d.sql_type, d.not_null, d.default_sql,
                d.formula_sql)
        ),
        case
            when d.formula_sql is not null or d.default_sql like '%next_number%' then 'rewrites'
            else 'takes a lock'
        end,
        'the field has no column yet', 'executor'
    from compile.desired_column(model) d
    join compile.actual_table t using (schema_name, table_name)
    left join compile.actual_column a using (schema_name, table_name, column_name)
    where a.column_name is null
$$;

comment on function compile.add_column_step(jsonb) is 'Columns that tables lack';

create function compile.change_column_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', s.rank, s.kind,
        format('%s.%s.%s', d.schema_name, d.table_name, d.column_name),
        format(s.statement, d.schema_name, d.table_name, d.column_name, d.sql_type), s.risk, s.why,
        'executor'
    from compile.desired_column(model) d
    join compile.actual_column a using (schema_name, table_name, column_name)
    cross join lateral (values
        (
            42, 'alter_type', d.sql_type <> a.sql_type and not a.generated,
            'alter table %1$I.%2$I alter column %3$I type %4$s using %3$I::%4$s', 'rewrites',
            format('the column is %s and should be %s', a.sql_type, d.sql_type)
        ),
        (
            44, 'set_not_null', d.not_null and not a.not_null,
            'alter table %1$I.%2$I alter column %3$I set not null', 'scans',
            'the field is required'
        ),
        (
            44, 'drop_not_null', a.not_null and not d.not_null,
            'alter table %1$I.%2$I alter column %3$I drop not null', 'takes a lock',
            'the field is optional'
        )
    ) as s (rank, kind, wanted, statement, risk, why)
    where s.wanted
$$;

comment on function compile.change_column_step(jsonb) is 'Columns of another type or nullability';

create function compile.quarantine_name(name text)
    returns text
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return '_dropped_' || left(name, 30) || to_char(now() at time zone 'UTC', '_YYYYMMDDHH24MISS');

comment on function compile.quarantine_name(text) is
'The name under which a dropped column or table keeps its data';

create function compile.drop_column_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', s.rank, s.kind,
        format('%s.%s.%s', a.schema_name, a.table_name, a.column_name),
        format(
            s.statement, a.schema_name, a.table_name, a.column_name,
            compile.quarantine_name(a.column_name)
        ),
        s.risk, s.why, 'executor'
    from compile.actual_column a
    join compile.entity(model) e using (schema_name, table_name)
    left join compile.desired_column(model) d using (schema_name, table_name, column_name)
    cross join lateral (values
        (
            36, 'drop_column', a.generated, 'alter table %1$I.%2$I drop column %3$I',
            'takes a lock',
            'no field of the model; its values are calculated'
        ),
        (
            36, 'drop_not_null', a.not_null and not a.generated,
            'alter table %1$I.%2$I alter column %3$I drop not null', 'takes a lock',
            'the column is set aside'
        ),
        (
            38, 'drop_column', not a.generated, 'alter table %1$I.%2$I rename column %3$I to %4$I',
            'loses data', 'no field of the model; set aside with its data'
        )
    ) as s (rank, kind, wanted, statement, risk, why)
    where d.column_name is null and a.column_name not like '\_dropped\_%' and s.wanted
$$;

comment on function compile.drop_column_step(jsonb) is 'Columns that the model does not know';

commit;
