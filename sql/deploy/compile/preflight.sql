-- Deploy qryvanta:compile/preflight to pg
-- requires: compile/definition compile/rows_after
-- Before anything is touched: which rows would break what the model asks for, and what can be done.

begin;

set local role qryvanta_owner;

create function compile.rewritten_field(model jsonb)
    returns table (table_name text, column_name text, element_id uuid, by_update boolean)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        d.table_name, d.column_name, d.element_id,
        t.large or r.element_id is not null or compile.draws_number(d.default_sql)
    from compile.desired_column(model) d
    join compile.live_table(model) t on t.table_name = d.table_name
    left join compile.live_column(model) a
        on a.table_name = d.table_name and a.column_name = d.column_name
    left join compile.live_column(model) o
        on o.table_name = d.table_name and o.replaced = d.column_name
    left join (
        select distinct m.element_id from compile.remedy(model) m where m.action <> 'new_rows'
    ) r on r.element_id = d.element_id
    where d.formula_sql is null
        and (
            r.element_id is not null
            or o.found_name is not null
            or (a.sql_type <> d.sql_type and a.planned is not true)
            or (
                compile.draws_number(d.default_sql)
                and (a.found_name is null or a.found_name like '\_next\_%')
            )
        )
$$;

comment on function compile.rewritten_field(jsonb) is
'Fields whose values are others after a publish; by_update: every check of the table is asked '
'again';

create function compile.demand(model jsonb)
    returns table (
        table_name text, element_id uuid, path text, rule text, message text, condition text,
        remedies text[]
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- condition: what a row of rows_after that breaks the demand fulfils. What holds already can
    -- be broken by other values: two become the same, one is filled.
    with rewritten as materialized (select * from compile.rewritten_field(model)),
    anew as materialized (
        select x.kind, x.table_name, x.name, x.definition
        from compile.definition_difference(model) x
        where x.change in ('create', 'replace')
    ),
    checked as materialized (
        select
            f.table_name, f.field_id, f.name, f.type, f.required, c.kind, c.definition, c.message,
            compile.derived_name(format('%s_%s_%s_check', f.table_name, f.name, c.kind))
                as constraint_name
        from compile.live_table(model) t
        join compile.field(model) f using (table_name)
        cross join lateral compile.field_check(f.field) c
    )

    select
        d.table_name, d.element_id, format('entities/%s/fields/%s', d.table_name, f.name), 'required',
        format('%s is required', f.label), format('%I is null', d.column_name), array['fill']
    from compile.desired_column(model) d
    join compile.live_table(model) t on t.table_name = d.table_name
    join compile.field(model) f on f.field_id = d.element_id
    left join compile.live_column(model) a
        on a.table_name = d.table_name and a.column_name = d.column_name
    where d.not_null and d.formula_sql is null
        and (a.found_name is null or a.planned or not a.not_null)
        -- Without a value that can be told beforehand, PostgreSQL draws one for each row.
        and not compile.draws_number(d.default_sql)
    union all
    select
        c.table_name, c.field_id, format('entities/%s/fields/%s', c.table_name, c.name), c.kind,
        c.message, format('(%s) is false', c.definition),
        case
            when c.kind = 'required_when' then '{fill}'::text[]
            when c.required then '{}'
            else '{clear}'
        end
        || case when c.kind <> 'required_when' and c.type <> 'multichoice' then '{map}'::text[]
            else '{}' end
        -- What holds already is asked of every row that is written.
        || case when x.name is null then '{}' else '{new_rows}'::text[] end
    from checked c
    left join anew x
        on x.kind = 'constraint' and x.table_name = c.table_name and x.name = c.constraint_name
    where x.name is not null
        or exists (
            select
            from rewritten w
            where w.table_name = c.table_name and (w.by_update or w.element_id = c.field_id)
        )
    union all
    select
        e.table_name, (r.rule ->> 'id')::uuid,
        format('entities/%s/rules/%s', e.table_name, r.rule ->> 'name'), 'rule',
        r.rule ->> 'message', format('(%s) is false', r.rule ->> 'check_sql'),
        case when x.name is null then '{}' else '{new_rows}'::text[] end
    from compile.entity(model) e
    cross join lateral jsonb_array_elements(e.entity -> 'rules') as r (rule)
    left join anew x
        on x.kind = 'constraint' and x.table_name = e.table_name
            and x.name = compile.derived_name(format('%s_%s_rule', e.table_name, r.rule ->> 'name'))
    where r.rule ->> 'check_sql' is not null and r.rule ->> 'severity' is distinct from 'warning'
        and (x.name is not null or e.table_name in (select w.table_name from rewritten w))
    union all
    select
        k.table_name, f.field_id,
        format('entities/%s/fields/%s', k.table_name, array_to_string(k.fields, ', ')), 'unique',
        format('%s must be unique', k.labels),
        format(
            '%1$s exists (select from %%1$s other where other.tenant_id = subject.tenant_id '
            'and (%2$s) = (%3$s) and other.id <> subject.id%4$s)',
            case when k.partial then 'subject.deleted_at is null and' else '' end,
            (select string_agg('other.' || c, ', ') from unnest(string_to_array(k.columns, ', ')) c),
            (
                select string_agg('subject.' || c, ', ')
                from unnest(string_to_array(k.columns, ', ')) c
            ),
            case when k.partial then ' and other.deleted_at is null' else '' end
        ),
        -- Which of two records is right only people know.
        '{}'::text[]
    from compile.unique_key(model) k
    left join anew x on x.table_name = k.table_name and x.name = k.name
    left join compile.field(model) f on f.table_name = k.table_name and f.name = k.fields[1]
    where x.name is not null
        or exists (
            select
            from rewritten w
            where w.table_name = k.table_name
                and w.column_name = any(string_to_array(k.columns, ', '))
        )
    union all
    select
        f.table_name, f.field_id, format('entities/%s/fields/%s', f.table_name, f.name), 'reference',
        format('%s must be an existing record', f.field ->> 'label'),
        format(
            'subject.%1$I is not null and not exists (select from %2$s target '
            'where target.tenant_id = subject.tenant_id and target.%3$I = subject.%1$I)',
            f.column_name,
            case
                when f.field ->> 'type' = 'lookup'
                    then format('%I.%I', f.schema_name, coalesce(t.found_name, f.target))
                else 'identity.member'
            end,
            case when f.field ->> 'type' = 'lookup' then 'id' else 'user_id' end
        ),
        array['clear', 'new_rows']
    from compile.field_column(model) f
    join anew x
        on x.kind = 'foreign_key' and x.table_name = f.table_name
            and x.definition like format('foreign key (tenant_id, %I)%%', f.column_name)
    left join compile.live_table(model) t on t.table_name = f.target
    -- A target that is not planned is there as it is called.
    where f.field ->> 'type' = 'user' or t.found_name is not null
        or not compile.in_scope(model, f.target)
$$;

comment on function compile.demand(jsonb) is
'What a model newly asks of rows that are there: the condition that a row fulfils which breaks it '
'(over subject; %1$s stands for all rows), and what can be done about such rows';

-- The executor's: it sees the rows of all tenants; the owner, under forced row security, none.
set local role qryvanta_ddl;

create function compile.broken_rows(
    rows_sql text, condition text, tenant_id uuid, out broken bigint, out sample uuid []
)
    stable
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
as $$
begin
    execute format(
        'select count(*), (array_agg(subject.id order by subject.id))[1:5] from %s subject '
        'where ($1 is null or subject.tenant_id = $1) and (%s)',
        rows_sql, condition
    )
    into broken, sample
    using broken_rows.tenant_id;
end
$$;

comment on function compile.broken_rows(text, text, uuid) is
'How many rows of a tenant (null: of all) fulfil a condition of ours, and some of them';

grant execute on function compile.broken_rows(text, text, uuid) to qryvanta_owner;

set local role qryvanta_owner;

create function compile.preflight(model jsonb, tenant_id uuid default null)
    returns table (
        path text, rule text, message text, broken bigint, sample uuid[], remedies text[]
    )
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    demand record;
begin
    for demand in
        select
            d.*,
            format(r.rows_sql, format('%I.%I', preflight.model -> 'app' ->> 'name', r.found_table))
                as rows_sql
        from compile.demand(preflight.model) d
        join compile.rows_after(preflight.model) r using (table_name)
        where 'new_rows' <> all (d.remedies)
            or not exists (
                select
                from compile.remedy(preflight.model) m
                where m.element_id = d.element_id and m.action = 'new_rows'
            )
        order by d.path, d.rule
    loop
        select b.broken, b.sample into preflight.broken, preflight.sample
        from compile.broken_rows(
            demand.rows_sql, replace(demand.condition, '%1$s', demand.rows_sql),
            preflight.tenant_id
        ) b;
        if preflight.broken > 0 then
            path := demand.path;
            rule := demand.rule;
            message := demand.message;
            remedies := demand.remedies;
            return next;
        end if;
    end loop;
end
$$;

comment on function compile.preflight(jsonb, uuid) is
'The rows of a tenant (null: of all) that would break a compared model: how many, some of them, '
'and the remedies (fill, map, clear, new_rows) that there are';

create function compile.preflight(app text)
    returns table (
        path text, rule text, message text, broken bigint, sample uuid[], remedies text[]
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select p.*
    from meta.app a
    cross join lateral compile.preflight(compile.comparison(meta.manifest(a.app_id))) p
    where a.name = preflight.app
$$;

comment on function compile.preflight(text) is
'The rows that would break the draft of an app: select * from compile.preflight(''northwind'')';

commit;
