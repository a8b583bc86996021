-- Deploy qryvanta:publish/remember to pg
-- requires: publish/version publish/place publish/built compile/definition
-- Keeps what PostgreSQL made of a model: how it spells definitions, and where everything is.

begin;

set local role qryvanta_owner;

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
    where (
            case when d.table_name = '' then 'function' else 'table' end,
            format('%s.%s', d.schema_name, coalesce(nullif(d.table_name, ''), d.name))
        ) in (
            select b.kind, b.name
            from publish.built b
            where b.app_id = (model -> 'app' ->> 'id')::uuid
        )
    on conflict do nothing;
end
$$;

comment on function publish.remember_built(jsonb) is
'Keeps how PostgreSQL spells the definitions of tables that are built and not live';

create function publish.refresh_places(model jsonb)
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
    where p.app_id = (model -> 'app' ->> 'id')::uuid
        and not exists (
            select from compile.settled_table(model) s where s.table_id = p.table_id
        )
        and n.app_id = p.app_id and n.element_id = p.element_id and n.part = p.part
        and (n.table_id, n.table_name, n.column_no, n.column_name)
            is distinct from (p.table_id, p.table_name, p.column_no, p.column_name)
$$;

comment on function publish.refresh_places(jsonb) is
'Makes names and numbers of the places of open tables agree, before anything is renamed';

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
            select from compile.settled_table(model) s where s.table_id = p.table_id
        )
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
        and not exists (
            select from compile.settled_table(model) s where s.table_id = p.table_id
        )
        and c.oid = p.table_id
        and p.column_no is not distinct from a.attnum
        and (p.table_name, p.column_name) is distinct from (c.relname::text, a.attname::text);

    update publish.place p
    set table_name = c.relname
    from pg_catalog.pg_class c
    where p.app_id = (model -> 'app' ->> 'id')::uuid
        and not exists (
            select from compile.settled_table(model) s where s.table_id = p.table_id
        )
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
        and not exists (select from compile.settled_name(model) s where s.name = d.table_name)
        and not (
            d.kind in ('function', 'search_function')
            and exists (select from compile.settled_function(model) f where f.name = d.name)
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

commit;
