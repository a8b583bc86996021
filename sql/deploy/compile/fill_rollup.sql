-- Deploy qryvanta:compile/fill_rollup to pg
-- requires: compile/definition compile/rows_after
-- What fills the columns of rollups, and keeps triggers that know old names from doing it.

begin;

set local role qryvanta_owner;

create function compile.fill_rollup_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- What a remedy or a new number does to children is counted when it is done: the triggers that
    -- are there know the columns by their old names.
    with written as materialized (
        select distinct split_part(s.target, '.', 2) as table_name
        from (
            select r.target from compile.remedy_step(model) r
            union all
            select n.target from compile.number_rows_step(model) n where n.kind = 'number_rows'
        ) s
    ),
    stale as (
        select
            r.*, a.column_name is not null and not compile.is_rollup(a.comment) as of_values,
            a.found_table, a.sql_type <> r.sql_type as retyped
        from compile.rollup(model) r
        join compile.live_table(model) t using (schema_name, table_name)
        left join compile.live_column(model) a using (schema_name, table_name, column_name)
        where compile.in_scope(model, r.table_name)
            and (
                a.column_name is null
                or right(a.comment, length(r.mark)) is distinct from r.mark
                or exists (select from written w where w.table_name = r.child)
            )
    )
    -- Nobody is half-way through writing children when the triggers and the column change: what
    -- they wrote would count twice, or not at all.
    select distinct
        'transactional', 69, 'lock_children', format('%s.%s', s.schema_name, s.child),
        format('lock table %I.%I in share row exclusive mode', s.schema_name, s.child),
        'takes a lock', 'a rollup over them is about to be filled', 'owner'
    from stale s
    union all
    select distinct
        'transactional', 12, 'drop_trigger', format('%s.%s', s.schema_name, s.found_table),
        format(
            'drop trigger if exists %I on %I.%I', compile.derived_name(s.found_table || '_stamp'),
            s.schema_name, s.found_table
        ),
        'takes a lock', 'it compares a rollup whose type changes', 'owner'
    from stale s
    where s.retyped
    union all
    select
        'transactional', x.rank, x.verb || '_trigger',
        format('%s.%s.%s', d.schema_name, w.table_name, d.name),
        format('alter table %I.%I %s trigger %I', d.schema_name, w.table_name, x.verb, d.name),
        'takes a lock', 'rollups over the rows that are written are filled afterwards', 'owner'
    from written w
    join compile.rollup_trigger(model) d using (table_name)
    join compile.actual_trigger a
        on a.schema_name = d.schema_name and a.table_name = (
            select t.found_name from compile.live_table(model) t where t.table_name = w.table_name
        ) and a.name = d.name
    cross join (values (41, 'disable'), (47, 'enable')) as x (rank, verb)
    where not exists (
        select
        from compile.definition_difference(model) c
        where c.kind = 'trigger' and c.table_name = w.table_name and c.name = d.name
    )
    union all
    select
        'transactional', 76, 'fill_rollup',
        format('%s.%s.%s', s.schema_name, s.table_name, s.column_name),
        format(
            'update %1$I.%2$I t set %3$I = v.value from (select p.tenant_id, p.id, %4$s as value '
            'from %1$I.%2$I p) v where v.tenant_id = t.tenant_id and v.id = t.id '
            'and t.%3$I is distinct from v.value',
            s.schema_name, s.table_name, s.column_name, s.value
        ),
        case when s.of_values then 'loses data' else 'rewrites' end,
        'the column does not hold this rollup yet', 'executor'
    from stale s
$$;

comment on function compile.fill_rollup_step(jsonb) is
'Rollups whose columns hold something else, or nothing yet';

commit;
