-- Deploy qryvanta:publish/abandon to pg
-- requires: publish/publication
-- A publication that does not go live: why, and what it leaves is taken away.

begin;

set local role qryvanta_owner;

create function publish.fail(
    publication_id uuid, fault text, code text default null, detail text default null
)
    returns uuid
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    update publish.publication p
    set state = 'failed', fault = fail.fault, fault_code = fail.code, fault_detail = fail.detail,
        finished_at = clock_timestamp()
    where p.publication_id = fail.publication_id and p.state = 'running'
    returning p.app_id
$$;

comment on function publish.fail(uuid, text, text, text) is
'Journals why a publication did not go live; the app. Null when the publication had ended before';

create function publish.answer(publication_id uuid, fault text, code text, detail text)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- Without a fault what was asked for is in force, whoever published it.
    update publish.publication p
    set state = case when answer.fault is null then 'live' else 'failed' end,
        version_id = case when answer.fault is null then publish.version_in_force(p.app_id) end,
        fault = answer.fault, fault_code = answer.code, fault_detail = answer.detail,
        finished_at = clock_timestamp()
    where p.publication_id = answer.publication_id and p.state in ('requested', 'running')
$$;

comment on function publish.answer(uuid, text, text, text) is
'Ends a request for a publication: it is in force, or why it is not';

create function publish.clear(app_id uuid)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
as $$
declare
    administrator text := current_setting('role');
    step compile.step;
begin
    perform set_config('qryvanta.publish', 'on', true);
    perform set_config('lock_timeout', '500ms', true);
    for step in
        select s.*
        from publish.current_manifest(clear.app_id) as in_force (manifest)
        cross join lateral compile.repair_step(in_force.manifest) s
        where in_force.manifest is not null and s.kind like 'drop\_%' and s.target ~ '\._next_'
    loop
        perform publish.become(step.run_as, administrator);
        execute step.statement;
    end loop;
    perform publish.become('administrator', administrator);
    delete from publish.fill f
    using publish.place p
    where p.app_id = clear.app_id and p.table_id = f.table_id;
end
$$;

comment on function publish.clear(uuid) is
'Takes away what a publication prepared that did not go live';

create function publish.unbuild(app_id uuid)
    returns boolean
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    administrator text := current_setting('role');
    gone record;
    some_left boolean := false;
begin
    perform set_config('qryvanta.publish', 'on', true);
    for gone in
        with taken as (
            delete from publish.built b
            where (b.kind, b.name) in (
                    select o.kind, o.name
                    from publish.built o
                    join publish.publication p using (publication_id)
                    where o.app_id = unbuild.app_id and p.state <> 'running'
                    order by array_position('{table,function,schema,role}', o.kind), o.name
                    limit compile.most_at_once()
                )
                and b.app_id = unbuild.app_id
            returning b.kind, b.name
        )

        select t.kind, t.name
        from taken t
        order by array_position('{table,function,schema,role}', t.kind)
    loop
        some_left := true;
        if gone.kind = 'table' then
            delete from publish.settled s
            where s.app_id = unbuild.app_id and s.table_id = to_regclass(gone.name);
            delete from publish.place p
            where p.app_id = unbuild.app_id
                and format('%s.%s', p.schema_name, p.table_name) = gone.name;
        end if;
        if gone.kind = 'role' then
            perform publish.become('administrator', administrator);
            if to_regrole(gone.name) is not null then
                perform identity.drop_app_role(gone.name);
            end if;
            continue;
        end if;
        perform publish.become('owner', administrator);
        -- Cascade: tables of one publication refer to each other, and nobody else could to them.
        execute format(
            'drop %s if exists %s%s', gone.kind,
            (
                select string_agg(quote_ident(n.name), '.' order by n.place)
                from string_to_table(gone.name, '.') with ordinality as n (name, place)
            ),
            case gone.kind when 'table' then ' cascade' else '' end
        );
    end loop;
    perform publish.become('administrator', administrator);
    return some_left;
end
$$;

comment on function publish.unbuild(uuid) is
'Drops a part of what publications of an app built that never went live; false when nothing was '
'left';

commit;
