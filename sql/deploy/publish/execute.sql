-- Deploy qryvanta:publish/execute to pg
-- requires: publish/version publish/settle publish/place compile/plan publish/built
-- Runs the steps of a plan, and keeps what PostgreSQL made of them.

begin;

set local role qryvanta_owner;

create function publish.become(run_as text, administrator text)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config(
        'role',
        case run_as
            when 'owner' then 'qryvanta_owner'
            when 'executor' then 'qryvanta_ddl'
            else administrator
        end,
        true
    );
end
$$;

comment on function publish.become(text, text) is
'Acts as the role that a step asks for, until the transaction ends';

create function publish.remember_built(model jsonb)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
begin
    if not exists (
        select from publish.built b where b.app_id = (model -> 'app' ->> 'id')::uuid
    ) then
        return;
    end if;
    insert into publish.definition (kind, schema_name, table_name, name, definition, deparsed)
    select kind, schema_name, table_name, name, d.definition, a.deparsed
    from compile.desired_definition(model) d
    join compile.seen_definition(model) a using (kind, schema_name, table_name, name)
    where exists (
        select
        from publish.built b
        where b.app_id = (model -> 'app' ->> 'id')::uuid
            and case when d.table_name = '' then b.kind = 'function'
                    and b.name = format('%s.%s', d.schema_name, d.name)
                else b.kind = 'table' and b.name = format('%s.%s', d.schema_name, d.table_name) end
    )
    on conflict do nothing;
end
$$;

comment on function publish.remember_built(jsonb) is
'Keeps how PostgreSQL spells the definitions of tables that are built and not live';

create function publish.refresh_places(app_id uuid)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- After a restore the numbers are others; the names still hold.
    update publish.place p
    set table_id = n.table_id, table_name = n.table_name, column_no = n.column_no,
        column_name = n.column_name
    from publish.placement n
    where p.app_id = refresh_places.app_id
        and n.app_id = p.app_id and n.element_id = p.element_id and n.part = p.part
        and (n.table_id, n.table_name, n.column_no, n.column_name)
            is distinct from (p.table_id, p.table_name, p.column_no, p.column_name)
$$;

comment on function publish.refresh_places(uuid) is
'Makes names and numbers of the places agree, before anything is renamed';

create function publish.remember_places(model jsonb)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
    delete from publish.place p
    where p.app_id = (model -> 'app' ->> 'id')::uuid
        and not exists (
            select
            from pg_catalog.pg_class c
            left join pg_catalog.pg_attribute a
                on a.attrelid = c.oid and a.attnum = p.column_no and not a.attisdropped
            where c.oid = p.table_id and (p.column_no is null or a.attnum is not null)
        );

    -- What is set aside stays known by its number, so that it can come back.
    update publish.place p
    set table_name = c.relname, column_name = a.attname
    from pg_catalog.pg_class c
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where p.app_id = (model -> 'app' ->> 'id')::uuid
        and c.oid = p.table_id
        and p.column_no is not distinct from a.attnum
        and (p.table_name, p.column_name) is distinct from (c.relname::text, a.attname::text);

    update publish.place p
    set table_name = c.relname
    from pg_catalog.pg_class c
    where p.app_id = (model -> 'app' ->> 'id')::uuid
        and c.oid = p.table_id and p.column_no is null and p.table_name <> c.relname;

    insert into publish.place as p (
        app_id, element_id, part, schema_name, table_name, column_name, table_id, column_no
    )
    select
        (model -> 'app' ->> 'id')::uuid, w.element_id, w.part, w.schema_name, w.table_name,
        w.column_name, t.table_id, a.column_no
    from (
        select e.entity_id as element_id, '' as part, e.schema_name, e.table_name, null
            as column_name
        from compile.entity(model) e
        where compile.in_scope(model, e.table_name)
        union all
        select c.element_id, c.part, c.schema_name, c.table_name, c.column_name
        from compile.desired_column(model) c
    ) w
    join compile.actual_table t using (schema_name, table_name)
    left join compile.actual_column a using (table_id, column_name)
    where w.column_name is null or a.column_no is not null
    on conflict on constraint place_pkey do update
    set schema_name = excluded.schema_name, table_name = excluded.table_name,
        column_name = excluded.column_name, table_id = excluded.table_id,
        column_no = excluded.column_no
    where (p.schema_name, p.table_name, p.column_name, p.table_id, p.column_no)
        is distinct from
        (excluded.schema_name, excluded.table_name, excluded.column_name, excluded.table_id,
            excluded.column_no)
$$;

comment on function publish.remember_places(jsonb) is
'Keeps where each element of a model lives now';

create function publish.remember(model jsonb)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
    delete from publish.definition d
    where d.schema_name = model -> 'app' ->> 'name'
        and d.table_name <> all (array(select s.name from compile.settled_name(model) s))
        and not (
            d.kind in ('function', 'search_function')
            and d.name = any (array(select f.name from compile.settled_function(model) f))
        );

    insert into publish.definition (kind, schema_name, table_name, name, definition, deparsed)
    select kind, schema_name, table_name, name, d.definition, a.deparsed
    from compile.desired_definition(model) d
    join compile.seen_definition(model) a
        using (kind, schema_name, table_name, name);

    select publish.remember_places(model)
$$;

comment on function publish.remember(jsonb) is
'Keeps how PostgreSQL spells what was just made, and where it is, for the next plan and for drift';

create function publish.execute(
    manifest jsonb, whole jsonb, allow_data_loss boolean, repairs boolean default false
)
    returns setof compile.step
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    administrator text := current_setting('role');
    pass integer;
    model jsonb;
    step compile.step;
    steps compile.step[];
    settled boolean := false;
begin
    perform set_config('qryvanta.publish', 'on', true);
    perform publish.refresh_places((execute.manifest -> 'app' ->> 'id')::uuid);
    for pass in 1..4 loop
        -- What only adds wants nothing else. What drops or replaces can: a key takes its references
        -- with it, a column its checks. Then plan again, until nothing differs.
        exit when settled;
        model := compile.scoped(execute.manifest, execute.whole);
        if repairs then
            -- What was decided about rows belongs to the draft.
            model := model || '{"remedies": []}';
        end if;
        perform publish.remember_built(model);
        steps := array(
            select s from compile.step_of(compile.compared(compile.situated(model))) s
        );
        exit when cardinality(steps) = 0;
        if pass = 4 then
            raise exception 'the database does not become what the model asks for: %', steps[1].statement
                using errcode = 'QP003';
        end if;
        if steps[1].phase <> 'transactional' then
            raise exception 'this is more than one transaction may do: %', steps[1].statement
                using errcode = 'QP006', hint = 'Use the command: qryvanta app publish.';
        end if;
        foreach step in array steps loop
            if step.risk = 'loses data' and not allow_data_loss then
                raise exception '% % loses data: %', step.kind, step.target, step.why
                    using errcode = 'QP002', hint = 'Say that this is meant (--allow-data-loss).';
            end if;
            perform publish.become(step.run_as, administrator);
            execute step.statement;
            return next step;
        end loop;
        perform publish.become('administrator', administrator);
        -- What was decided about the rows is done now; deciding it again would do it again.
        delete from publish.remedy r
        where r.app_id = (execute.manifest -> 'app' ->> 'id')::uuid and not repairs;
        perform publish.remember(model);
        -- What a changed formula took with it comes back with it, however large the table is.
        perform set_config('qryvanta.online_size', '9223372036854775807', true);
        settled := (
            select bool_and(s.kind ~ '^(create|add|grant|comment|force)_?')
            from unnest(steps) s
        );
    end loop;
    perform publish.settle(execute.manifest, model);
end
$$;

comment on function publish.execute(jsonb, jsonb, boolean, boolean) is
'Makes the database what a manifest (whole: resolved) asks for, or again what one in force asks '
'for (repairs); the steps that ran. Raises QP002 before a step that '
'loses data unless that is allowed, QP003 when it does not converge, QP006 when online steps come '
'first';

commit;
