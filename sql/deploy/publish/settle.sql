-- Deploy qryvanta:publish/settle to pg
-- requires: compile/trigger compile/scope publish/built

begin;

set local role qryvanta_owner;

create function publish.settle(manifest jsonb, model jsonb)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    known_app_id uuid := (settle.manifest -> 'app' ->> 'id')::uuid;
begin
    delete from publish.settled s
    where s.app_id = known_app_id
        and not exists (
            select from compile.given_table(settle.manifest) t where t.entity_id = s.entity_id
        );
    insert into publish.settled as s (app_id, entity_id, table_id, asked, found, functions)
    select known_app_id, e.entity_id, t.table_id, a.asked, 0, coalesce(f.names, '{}')
    from compile.entity(model) e
    join compile.asked_table(settle.manifest) a using (entity_id)
    join compile.actual_table t using (schema_name, table_name)
    left join (
        select d.table_name, array_agg(d.name) as names
        from compile.desired_function(model) d
        group by d.table_name
    ) f using (table_name)
    where compile.in_scope(model, e.table_name)
    on conflict on constraint settled_pkey do update
    set table_id = excluded.table_id, asked = excluded.asked, found = excluded.found,
        functions = excluded.functions;
    -- Only now does the state know which functions belong to the table.
    update publish.settled s
    set found = f.found
    from compile.table_state(known_app_id, settle.manifest -> 'app' ->> 'name') f
    where s.app_id = known_app_id and s.table_id = f.table_id
        and (
            s.found = 0
            -- What was built ahead has been given its rights since.
            or exists (
                select
                from publish.built b
                join pg_catalog.pg_class c on c.oid = s.table_id
                where b.app_id = known_app_id and b.kind = 'table'
                    and b.name = format('%s.%s', settle.manifest -> 'app' ->> 'name', c.relname)
            )
        );
end
$$;

comment on function publish.settle(jsonb, jsonb) is
'Notes that the tables of an app are as its manifest asks: those of the model that was planned. To '
'be called when nothing is left to do';

commit;
