-- Deploy qryvanta:compile/plan to pg
-- requires: meta/manifest compile/change_definition compile/grant compile/comment
-- requires: compile/create_table compile/preflight compile/building compile/fill_rollup
-- What must change so that the database is what a manifest asks for. Empty when it is.

begin;

set local role qryvanta_owner;

create function compile.step_of(model jsonb, with_rights boolean default true)
    returns setof compile.step
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
    -- The estimates of these joins are high, the work is not: compiling them would take longer.
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    -- In an app that is new there is nothing to change.
    live boolean := jsonb_array_length(model -> 'live_tables') > 0;
begin
    return query
    select s.*
    from compile.with_ahead(model, array(
        select row(t.*)::compile.step
        from (
            select * from compile.role_step(model)
            union all
            select * from compile.membership_step(model)
            union all
            select * from compile.schema_step(model)
            union all
            select * from compile.create_table_step(model)
            union all
            select * from compile.rename_table_step(model)
            where live
            union all
            select * from compile.drop_table_step(model)
            where live
            union all
            select * from compile.owner_step(model)
            where live
            union all
            select * from compile.row_security_step(model)
            union all
            select * from compile.add_column_step(model)
            where live
            union all
            select * from compile.rename_column_step(model)
            where live
            union all
            select * from compile.change_type_step(model)
            where live
            union all
            select * from compile.remedy_step(model)
            where live
            union all
            select * from compile.number_rows_step(model)
            where live
            union all
            select * from compile.change_column_step(model)
            where live
            union all
            select * from compile.drop_column_step(model)
            where live
            union all
            select * from compile.drop_definition_step(model)
            where live
            union all
            select * from compile.rename_definition_step(model)
            where live
            union all
            select * from compile.create_definition_step(model)
            union all
            select * from compile.prepare_step(model)
            where live
            union all
            select * from compile.online_step(model)
            where live
            union all
            select * from compile.switch_step(model)
            where live
            union all
            select * from compile.fill_rollup_step(model)
            union all
            select * from compile.hierarchy_step(model)
            union all
            select * from compile.grant_step(model)
            where with_rights
            union all
            select * from compile.comment_step(model)
        ) t
    )) s
    order by array_position('{prepare,online,transactional}', s.phase), s.rank, s.target, s.kind;
end
$$;

comment on function compile.step_of(jsonb, boolean) is
'The steps that a model asks for which compile.comparison() compared with what is there, in order';

create function compile.steps(manifest jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select s.* from compile.step_of(compile.comparison(manifest)) s
$$;

comment on function compile.steps(jsonb) is
'The steps from the database as it is to what a manifest asks for, in order; none when nothing '
'differs';

create function compile.repair_step(manifest jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
as $$
    -- What was decided about the rows is for the draft.
    select s.*
    from compile.step_of(
        compile.compared(compile.situated(compile.scoped(manifest) || '{"remedies": []}'))
    ) s
    where manifest is not null
$$;

comment on function compile.repair_step(jsonb) is
'The steps from the database as it is to a manifest that is in force already, in order';

create function compile.lock_of(statement text)
    returns text
    immutable
    language sql
return case
    when lock_of.statement ~ '^(grant|revoke|create (role|schema|table)|drop function)'
        or lock_of.statement ~ '^create (or replace )?function'
        then 'none'
    when lock_of.statement ~ '^update' then 'ROW EXCLUSIVE'
    when lock_of.statement ~ '^comment|validate constraint|index concurrently'
        then 'SHARE UPDATE EXCLUSIVE'
    when lock_of.statement ~ 'add constraint \S+ foreign key'
        then 'SHARE ROW EXCLUSIVE on both tables'
    when lock_of.statement ~ '^create (or replace )?trigger' then 'SHARE ROW EXCLUSIVE'
    when lock_of.statement ~ '^create (unique )?index' then 'SHARE'
    else 'ACCESS EXCLUSIVE'
end;

comment on function compile.lock_of(text) is
'The lock that a step takes on its table; read from pg_locks on 15 and 18, see '
'docs/reference/changes.md';

create function compile.plan(manifest jsonb)
    returns table (
        phase text, rank integer, kind text, target text, statement text, lock text, risk text,
        estimated_rows bigint, why text, run_as text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        s.phase, s.rank, s.kind, s.target, s.statement, compile.lock_of(s.statement), s.risk,
        case
            when s.risk in ('scans', 'rewrites', 'loses data')
                then greatest(c.reltuples, 0)::bigint
        end,
        s.why, s.run_as
    from compile.steps(manifest) s
    left join pg_catalog.pg_class c
        on c.relname = split_part(s.target, '.', 2)
            and c.relnamespace = to_regnamespace(quote_ident(split_part(s.target, '.', 1)))
$$;

comment on function compile.plan(jsonb) is
'What publishing a manifest would do: phase (prepare: short transactions, online: step by '
'step while people work, transactional: the version goes live), statement, lock, risk, how many '
'rows are looked at (an estimate) and why. Empty when nothing differs';

create function compile.plan(app text)
    returns table (
        phase text, rank integer, kind text, target text, statement text, lock text, risk text,
        estimated_rows bigint, why text, run_as text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select p.*
    from meta.app a
    cross join lateral compile.plan(meta.manifest(a.app_id)) p
    where a.name = plan.app
$$;

comment on function compile.plan(text) is
'What publishing the draft of an app would do: select * from compile.plan(''northwind'')';

commit;
