-- Deploy qryvanta:compile/change_definition to pg
-- requires: compile/online
-- The steps for every kind of object that is compared by its definition.

begin;

set local role qryvanta_owner;

create function compile.drop_definition_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', k.drop_rank, 'drop_' || x.kind,
        concat(x.schema_name, '.', nullif(x.found_table, '') || '.', x.found_name),
        format(k.drop_template, x.schema_name, x.found_table, x.found_name), 'takes a lock',
        case when r.kind is null then 'the model does not ask for it'
            else 'it is not as it was published' end,
        k.run_as
    from compile.definition_difference(model) x
    join compile.definition_kind() k using (kind)
    left join compile.definition_difference(model) r
        on r.change = 'replace' and r.kind = x.kind and r.found_table = x.found_table
            and r.found_name = x.found_name
    where x.change = 'drop'
        and not compile.is_prepared(model, x.found_table, x.found_name)
        -- A formula goes with its column; what is created as "or replace" is not dropped.
        and x.kind <> 'formula'
        and not (
            r.kind is not null and x.kind in ('default', 'function', 'search_function', 'view')
        )
        -- A column that is set aside keeps its default.
        and not (x.kind = 'default' and x.table_name like '\_dropped\_%')
        and not (
            x.kind = 'default'
            and not exists (
                select
                from compile.live_column(model) c
                where c.table_name = x.table_name and c.found_name = x.found_name
                    and c.column_name is not null
            )
        )
$$;

comment on function compile.drop_definition_step(jsonb) is
'Constraints, indexes, defaults, functions, triggers and policies that must go';

create function compile.create_definition_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'transactional', k.create_rank, x.change || '_' || x.kind,
        concat(x.schema_name, '.', nullif(x.table_name, '') || '.', x.name),
        format(
            k.create_template, x.schema_name, x.table_name, x.name, x.definition, c.sql_type
        )
        || case when o.name is null then '' else ' not valid' end,
        case
            when t.table_id is null then 'safe'
            when o.name is not null then 'takes a lock'
            else k.risk
        end,
        case
            when o.name is not null then 'for new rows only, as was decided'
            when x.change = 'replace' then 'it is not as it was published'
            else 'the model asks for it'
        end,
        k.run_as
    from compile.definition_difference(model) x
    join compile.definition_kind() k using (kind)
    left join compile.live_table(model) t using (table_name)
    left join compile.desired_column(model) c
        on x.kind = 'formula' and c.table_name = x.table_name and c.column_name = x.name
    left join compile.new_rows_only(model) o
        on o.kind = x.kind and o.table_name = x.table_name and o.name = x.name
    where x.change in ('create', 'replace')
        and not exists (
            select
            from compile.online_definition(model) o
            where o.kind = x.kind and o.table_name = x.table_name and o.name = x.name
        )
        -- A column is made with its default and formula.
        and not (
            x.kind in ('default', 'formula')
            and not exists (
                select
                from compile.live_column(model) l
                where l.table_name = x.table_name and l.column_name = x.name
            )
        )
$$;

comment on function compile.create_definition_step(jsonb) is
'Constraints, indexes, defaults, functions, triggers and policies to make';

create function compile.rename_definition_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with renamed as (
        select
            x.*,
            case x.kind when 'index' then 'alter index %1$I.%4$I rename to %5$I'
                else 'alter table %1$I.%2$I rename constraint %4$I to %5$I' end as template,
            exists (
                select
                from compile.definition_difference(model) o
                where o.change = 'rename' and o.found_name = x.name
            ) as detour,
            '_moving_' || left(md5(x.kind || x.found_table || x.found_name), 16) as way
        from compile.definition_difference(model) x
        where x.change = 'rename'
    )
    select
        'transactional', s.rank, 'rename_' || r.kind,
        concat(r.schema_name, '.', r.table_name, '.', r.name),
        format(r.template, r.schema_name, r.table_name, null, s.from_name, s.to_name),
        'takes a lock', format('what it speaks of is called otherwise; it was %s', r.found_name),
        'owner'
    from renamed r
    cross join lateral (values
        (24, r.detour, r.found_name, r.way),
        (
            case when r.detour then 25 else 24 end, true,
            case when r.detour then r.way else r.found_name end, r.name
        )
    ) as s (rank, wanted, from_name, to_name)
    where s.wanted
$$;

comment on function compile.rename_definition_step(jsonb) is
'Constraints and indexes whose names follow those of their columns and tables';

commit;
