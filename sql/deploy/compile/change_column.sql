-- Deploy qryvanta:compile/change_column to pg
-- requires: compile/situation
-- Columns are added, renamed, converted, and set aside with their data.

begin;

set local role qryvanta_owner;

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
            compile.column_clause(
                d.column_name, d.sql_type,
                -- What the rows get is written before it is required.
                d.not_null and not compile.draws_number(d.default_sql)
                and not exists (
                    select
                    from compile.remedy(model) r
                    where r.element_id = d.element_id and r.action = 'fill'
                ),
                case when not compile.draws_number(d.default_sql) then d.default_sql end,
                d.formula_sql
            )
        ),
        case when d.formula_sql is not null then 'rewrites' else 'takes a lock' end,
        'the field has no column yet', 'executor'
    from compile.desired_column(model) d
    join compile.live_table(model) t using (schema_name, table_name)
    left join compile.live_column(model) a using (schema_name, table_name, column_name)
    where a.column_name is null
$$;

comment on function compile.add_column_step(jsonb) is 'Columns that tables lack';

create function compile.rename_column_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with renamed as (
        select
            c.*,
            -- A name that another column gives up in the same publish is free only afterwards.
            exists (
                select
                from compile.live_column(model) o
                where o.table_id = c.table_id and o.found_name = c.column_name
                    and o.column_name <> o.found_name
            ) as detour
        from compile.live_column(model) c
        where c.column_name <> c.found_name
    )
    select
        'transactional', s.rank, s.kind,
        format('%s.%s.%s', r.schema_name, r.table_name, r.column_name),
        format(
            'alter table %I.%I rename column %I to %I', r.schema_name, r.table_name, s.from_name,
            s.to_name
        ),
        'takes a lock', s.why, 'owner'
    from renamed r
    cross join lateral (values
        (
            22, 'rename_column', r.detour, r.found_name, '_moving_' || coalesce(r.column_no::text, 'next'),
            'its new name is that of a column which moves too'
        ),
        (
            case when r.detour then 23 else 22 end,
            case when r.found_name like '\_dropped\_%' then 'restore_column' else 'rename_column' end,
            true, case when r.detour then '_moving_' || coalesce(r.column_no::text, 'next')
                else r.found_name end,
            r.column_name,
            case
                when r.found_name like '\_dropped\_%' then 'the field is back, with its data'
                else format('the field was called %s', r.found_name)
            end
        )
    ) as s (rank, kind, wanted, from_name, to_name, why)
    where s.wanted
$$;

comment on function compile.rename_column_step(jsonb) is
'Columns that the model calls otherwise, or that come back from where they were set aside';

-- The executor's: it sees the rows of all tenants; the owner, under forced row security, none.
set local role qryvanta_ddl;

create function compile.matching_rows(schema_name text, table_name text, condition text)
    returns bigint
    stable
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    found_rows bigint;
begin
    execute format('select count(*) from %I.%I where %s', matching_rows.schema_name,
        matching_rows.table_name, condition)
    into found_rows;
    return found_rows;
end
$$;

comment on function compile.matching_rows(text, text, text) is
'How many rows of all tenants fulfil a condition of ours';

grant execute on function compile.matching_rows(text, text, text) to qryvanta_owner;

set local role qryvanta_owner;

create function compile.lost_values(
    schema_name text, table_name text, column_name text, from_type text, to_type text, mapping jsonb
)
    returns bigint
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return coalesce(
    (
        select compile.matching_rows(lost_values.schema_name, lost_values.table_name, c.loss)
        from compile.remedied_conversion(
            from_type, to_type, format('%I', lost_values.column_name), mapping
        ) c
        where c.loss is not null
    ),
    0
);

comment on function compile.lost_values(text, text, text, text, text, jsonb) is
'How many values of a column lose something when its type changes';

create function compile.change_type_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', 39, 'alter_type',
        format('%s.%s.%s', d.schema_name, d.table_name, d.column_name),
        format(
            'alter table %1$I.%2$I %5$salter column %3$I type %4$s using %6$s%7$s', d.schema_name,
            d.table_name, d.column_name, d.sql_type,
            case when d.default_sql is null then ''
                else format('alter column %I drop default, ', d.column_name) end,
            -- A rollup is computed again as what it is now.
            case when compile.is_rollup(d.comment) then format('null::%s', d.sql_type)
                else v.expression end,
            case when d.default_sql is null then ''
                else format(', alter column %I set default %s', d.column_name, d.default_sql) end
        ),
        case
            when l.lost > 0 then 'loses data'
            when compile.rewrites(a.sql_type, d.sql_type) then 'rewrites'
            else 'takes a lock'
        end,
        format('the column is %s and should be %s', a.sql_type, d.sql_type)
        || case when l.lost > 0 then format('; %s values lose something', l.lost) else '' end,
        'executor'
    from compile.desired_column(model) d
    join compile.live_column(model) a using (schema_name, table_name, column_name)
    left join compile.remedy(model) m on m.element_id = d.element_id and m.action = 'map'
    cross join lateral compile.remedied_conversion(
        a.sql_type, d.sql_type, format('%I', d.column_name), m.mapping
    ) v
    cross join lateral (
        select compile.lost_values(
            a.schema_name, a.found_table, a.found_name, a.sql_type, d.sql_type, m.mapping
        ) as lost
        where not compile.is_rollup(d.comment)
        union all
        select 0
        limit 1
    ) l
    where d.sql_type <> a.sql_type and not a.generated and a.planned is not true
$$;

comment on function compile.change_type_step(jsonb) is
'Columns of another type; says how many values would lose something';

create function compile.number_rows_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', s.rank, s.kind,
        format('%s.%s.%s', d.schema_name, d.table_name, d.column_name),
        format(
            s.statement, d.schema_name, d.table_name, d.column_name, d.element_id,
            f.field ->> 'format', d.default_sql
        ),
        s.risk, s.why, 'executor'
    from compile.desired_column(model) d
    join compile.live_table(model) t using (schema_name, table_name)
    left join compile.live_column(model) a using (schema_name, table_name, column_name)
    join compile.field(model) f on f.field_id = d.element_id
    cross join (values
        (
            43, 'number_rows', 'scans', 'the rows that are there get their numbers, the oldest first',
            'with numbered as (
    select r.tenant_id, r.id, coalesce(c.value, 0)
        + row_number() over (partition by r.tenant_id order by r.created_at, r.id) as number
    from %1$I.%2$I r
    left join tenancy.counter c on c.tenant_id = r.tenant_id and c.field_id = %4$L
), written as (
    update %1$I.%2$I r set %3$I = tenancy.numbered(%5$L, n.number)
    from numbered n
    where r.tenant_id = n.tenant_id and r.id = n.id
)
insert into tenancy.counter as c (tenant_id, field_id, value)
select n.tenant_id, %4$L, max(n.number) from numbered n group by n.tenant_id
on conflict on constraint counter_pkey do update set value = greatest(c.value, excluded.value)'
        ),
        (
            45, 'set_default', 'takes a lock', 'the next row gets the next number',
            'alter table %1$I.%2$I alter column %3$I set default %6$s'
        )
    ) as s (rank, kind, risk, why, statement)
    where compile.draws_number(d.default_sql)
        and (a.found_name is null or a.found_name like '\_next\_%')
$$;

comment on function compile.number_rows_step(jsonb) is
'Numbers for the rows of a table that gets a field which counts';

create function compile.change_column_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', s.rank, s.kind,
        format('%s.%s.%s', d.schema_name, d.table_name, d.column_name),
        format(s.statement, d.schema_name, d.table_name, d.column_name), s.risk, s.why, 'executor'
    from compile.desired_column(model) d
    join compile.live_table(model) t using (schema_name, table_name)
    left join compile.live_column(model) a using (schema_name, table_name, column_name)
    cross join lateral (values
        (
            38, 'drop_formula', a.generated and d.formula_sql is null,
            'alter table %1$I.%2$I alter column %3$I drop expression', 'takes a lock',
            'the field is no formula any more; it keeps the values'
        ),
        (
            44, 'set_not_null',
            d.not_null
            and case
                when a.found_name is not null then not a.not_null
                else compile.draws_number(d.default_sql) or exists (
                    select
                    from compile.remedy(model) r
                    where r.element_id = d.element_id and r.action = 'fill'
                )
            end,
            'alter table %1$I.%2$I alter column %3$I set not null',
            case when t.large then 'takes a lock' else 'scans' end,
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

comment on function compile.change_column_step(jsonb) is
'Columns of another nullability, and those that are no formula any more';

create function compile.drop_column_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', s.rank, s.kind,
        format('%s.%s.%s', a.schema_name, a.found_table, a.found_name),
        format(
            s.statement, a.schema_name, a.found_table, a.found_name,
            compile.quarantine_name(a.found_name)
        ),
        s.risk, s.why, 'executor'
    from compile.live_column(model) a
    cross join lateral (values
        (
            17, 'drop_column', a.found_name like '\_next\_%', 'alter table %1$I.%2$I drop column %3$I',
            'takes a lock', 'an earlier attempt prepared it'
        ),
        (
            18, 'drop_column', a.generated or compile.is_rollup(a.comment),
            'alter table %1$I.%2$I drop column %3$I', 'takes a lock',
            'its values are calculated, by nothing or in another way now'
        ),
        (
            18, 'drop_not_null', a.not_null and not a.generated,
            'alter table %1$I.%2$I alter column %3$I drop not null', 'takes a lock',
            'the column is set aside'
        ),
        (
            19, 'drop_column', not (a.generated or compile.is_rollup(a.comment)),
            'alter table %1$I.%2$I rename column %3$I to %4$I',
            case when a.replaced is null then 'loses data' else 'takes a lock' end,
            case when a.replaced is null then 'no field of the model; set aside with its data'
                else 'a column with its converted values takes its place' end
        )
    ) as s (rank, kind, wanted, statement, risk, why)
    where a.table_name is not null and a.column_name is null and s.wanted
        and (not compile.is_internal(a.found_name) or s.rank = 17)
$$;

comment on function compile.drop_column_step(jsonb) is 'Columns that the model does not know';

commit;
