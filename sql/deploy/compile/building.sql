-- Deploy qryvanta:compile/building to pg
-- requires: compile/situation compile/definition publish/built
-- Which steps of a plan are done ahead, because there are too many for one transaction.

begin;

set local role qryvanta_owner;

create function compile.most_at_once()
    returns integer
    immutable
    language sql
return 100;

comment on function compile.most_at_once() is
'How many tables one transaction makes or drops. Each takes up to 42 locks with its indexes and '
'references, of the 6,400 that PostgreSQL has room for by default';

create function compile.building(model jsonb)
    returns table (table_name text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with new as materialized (
        select e.table_name
        from compile.entity(model) e
        left join compile.live_table(model) t using (table_name)
        left join publish.built b
            on b.app_id = (model -> 'app' ->> 'id')::uuid and b.kind = 'table'
                and b.name = format('%s.%s', e.schema_name, e.table_name)
        where compile.in_scope(model, e.table_name)
            and (t.table_id is null or b.name is not null)
    )

    select n.table_name
    from new n
    where (select count(*) from new) > compile.most_at_once()
$$;

comment on function compile.building(jsonb) is
'The new tables of a situated model when they are too many for one transaction, else none';

create function compile.live_reference(model jsonb)
    returns table (target text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        format(
            '%s.%s.%s', f.schema_name, f.table_name,
            compile.foreign_key_name(f.table_name, f.name, f.part)
        )
    from compile.field_column(model) f
    where f.field ->> 'type' = 'lookup'
        and not exists (select from compile.building(model) b where b.table_name = f.target)
$$;

comment on function compile.live_reference(jsonb) is
'The references to tables that are live, as the targets of steps name them: such a table may get '
'its name only when the version goes live';

create function compile.with_ahead(model jsonb, steps compile.step [])
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
    with building as materialized (select b.table_name from compile.building(model) b),
    live as materialized (
        select l.target
        from compile.live_reference(model) l
        where exists (select from building)
    ),
    -- What another draft is building is none of this model's business.
    foreign_built as materialized (
        select b.kind, b.name
        from publish.built b
        where b.app_id = (model -> 'app' ->> 'id')::uuid
            and b.kind in ('table', 'function')
            and not exists (
                select
                from compile.entity(model) e
                where b.kind = 'table' and b.name = format('%s.%s', e.schema_name, e.table_name)
            )
    )

    select
        case
            when not exists (select from building) then s.phase
            -- A function that nothing calls yet, and a role that may nothing yet.
            when s.kind in ('create_role', 'grant_role', 'create_schema', 'create_function')
                then 'prepare'
            when b.table_name is not null and s.kind <> 'grant' and l.target is null
                then 'prepare'
            else s.phase
        end,
        s.rank, s.kind, s.target, s.statement, s.risk, s.why, s.run_as
    from unnest(steps) s
    left join building b on b.table_name = split_part(s.target, '.', 2)
    left join live l on l.target = s.target
    where not exists (
        select
        from foreign_built f
        where f.kind = 'table'
            and f.name = split_part(s.target, '.', 1) || '.' || split_part(s.target, '.', 2)
            or f.kind = 'function' and s.kind = 'drop_function' and f.name = s.target
    )
$$;

comment on function compile.with_ahead(jsonb, compile.step []) is
'The steps of a plan, those on new tables in the phase "prepare" when they are too many for one '
'transaction: all but the rights';

commit;
