-- Deploy qryvanta:publish/publication to pg
-- requires: publish/app publish/built
-- Publishing while people work. The plan is a question to the catalogue, so going on after a crash
-- is to ask again: what is done is not asked for any more. A caller repeats: prepare, then each
-- online step by itself, then go live in one transaction.

begin;

set local role qryvanta_owner;

create function publish.lock_key(app_id uuid)
    returns integer
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return hashtext(app_id::text);

comment on function publish.lock_key(uuid) is 'The second half of the advisory lock of a publisher';

create function publish.hold(app_id uuid)
    returns text
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if pg_try_advisory_lock(hashtext('qryvanta.publication'), publish.lock_key(hold.app_id)) then
        -- Nobody else is at it: whoever began these steps ended before they did.
        update publish.step s
        set state = 'interrupted'
        from publish.publication p
        where p.app_id = hold.app_id and s.publication_id = p.publication_id
            and s.state = 'running';
        return null;
    end if;
    return (
        select format(
            '%s%s since %s', coalesce(a.usename::text, 'somebody'),
            coalesce(' (' || nullif(a.application_name, '') || ')', ''),
            to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ')
        )
        from pg_catalog.pg_locks l
        left join pg_catalog.pg_stat_activity a using (pid)
        where l.locktype = 'advisory' and l.granted
            and l.classid = (hashtext('qryvanta.publication')::bigint & 4294967295)::oid
            and l.objid = (publish.lock_key(hold.app_id)::bigint & 4294967295)::oid
            and l.database = (
                select d.oid from pg_catalog.pg_database d where d.datname = current_database()
            )
        union all
        select 'somebody who just ended'
        limit 1
    );
end
$$;

comment on function publish.hold(uuid) is
'Makes this session the publisher of an app until it ends or lets go, and journals what the last '
'one left undone; else who is it';

create function publish.let_go(app_id uuid)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select pg_advisory_unlock(hashtext('qryvanta.publication'), publish.lock_key(let_go.app_id))
$$;

comment on function publish.let_go(uuid) is 'Ends being the publisher of an app';

create function publish.open(
    app_id uuid, reason text, allow_data_loss boolean, asked uuid default null,
    out opened uuid, out builds boolean
)
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    draft jsonb := meta.manifest(open.app_id);
begin
    if open.asked is not null and not exists (
        select
        from publish.publication p
        where p.publication_id = open.asked and p.app_id = open.app_id and p.manifest = draft
    ) then
        raise exception 'the draft has changed since publishing it was asked for'
            using errcode = 'QP007';
    end if;
    builds := exists (
        select
        from compile.building(
            publish.check_draft(open.app_id, draft, open.allow_data_loss)
        )
    );
    update publish.publication p
    set state = 'superseded', finished_at = clock_timestamp()
    where p.app_id = open.app_id and p.state = 'running' and p.manifest <> draft;
    update publish.publication p
    set reason = coalesce(open.reason, p.reason), allow_data_loss = open.allow_data_loss
    where p.app_id = open.app_id and p.state = 'running'
    returning p.publication_id into opened;
    if opened is null then
        update publish.publication p
        set state = 'running'
        where p.publication_id = open.asked and p.state = 'requested'
        returning p.publication_id into opened;
    end if;
    if opened is null then
        opened := tenancy.new_id();
        insert into publish.publication (publication_id, app_id, manifest, reason, allow_data_loss)
        values (opened, open.app_id, draft, open.reason, open.allow_data_loss);
    end if;
end
$$;

comment on function publish.open(uuid, text, boolean, uuid) is
'Starts to publish the draft of an app, or goes on with what was interrupted; builds: it has more '
'new tables than one transaction may make; asked: the request that it fulfils. Raises as '
'publish.check_draft, and QP007 when the draft is not the one of the request any more';

create function publish.forget_fill(model jsonb)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    delete from publish.fill f
    using compile.live_table(model) t
    where t.table_id = f.table_id
        and (
            not exists (
                select
                from compile.fill(model) w
                where w.table_id = f.table_id and w.statement = f.statement
            )
            or exists (
                select
                from compile.live_column(model) c
                where c.table_id = f.table_id and c.planned
                    and strpos(f.statement, c.found_name) > 0
            )
        )
$$;

comment on function publish.forget_fill(jsonb) is
'Forgets how far columns were filled that another draft fills otherwise, or that are gone';

create function publish.take_up(publication_id uuid)
    returns setof compile.step
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    given publish.publication;
    model jsonb;
    step compile.step;
    steps compile.step[];
begin
    select p.* into given
    from publish.publication p
    where p.publication_id = take_up.publication_id and p.state = 'running';
    if not found then
        return;
    end if;
    given.manifest := publish.unpacked(given.manifest);
    model := compile.scoped(given.manifest);
    perform publish.refresh_places(model);
    perform publish.remember_built(model);
    model := compile.compared(compile.situated(model));
    perform publish.forget_fill(model);
    -- Rights are given when it goes live.
    steps := array(select s from compile.step_of(model, false) s);
    foreach step in array steps loop
        -- Said before the work begins, not after it.
        if step.risk = 'loses data' and not given.allow_data_loss then
            raise exception '% % loses data: %', step.kind, step.target, step.why
                using errcode = 'QP002', hint = 'Say that this is meant (--allow-data-loss).';
        end if;
    end loop;
    insert into publish.fill (table_id, statement, rows_total)
    select f.table_id, f.statement, greatest(c.reltuples, 0)
    from compile.fill(model) f
    join pg_catalog.pg_class c on c.oid = f.table_id
    on conflict do nothing;
    return query
    select s.* from unnest(steps) s where s.phase <> 'transactional';
end
$$;

comment on function publish.take_up(uuid) is
'Plans what is left of a publication; the steps to be done before it can go live. Raises QP002 '
'when it would lose data without leave';

create function publish.prepare(publication_id uuid, steps compile.step [])
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    administrator text := current_setting('role');
    step compile.step;
begin
    perform set_config('qryvanta.publish', 'on', true);
    perform set_config('lock_timeout', '500ms', true);
    foreach step in array steps loop
        perform publish.run(step, administrator);
    end loop;
    perform publish.become('administrator', administrator);
    insert into publish.built (app_id, kind, name, publication_id)
    select p.app_id, replace(s.kind, 'create_', ''), s.target, p.publication_id
    from publish.publication p
    cross join unnest(prepare.steps) s
    where p.publication_id = prepare.publication_id
        and s.kind in ('create_role', 'create_schema', 'create_table', 'create_function');
    perform publish.journal(null, prepare.publication_id, prepare.steps);
end
$$;

comment on function publish.prepare(uuid, compile.step []) is
'Runs steps of the phase "prepare" in the short transaction of the caller: what large tables need '
'to be filled and checked online, and tables that are not live yet';

create function publish.begin_step(publication_id uuid, step compile.step)
    returns uuid
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    insert into publish.step (
        publication_id, position, phase, kind, target, statement, risk, run_as, state, executed_at
    )
    select
        begin_step.publication_id,
        (
            select count(*)::integer + 1
            from publish.step s
            where s.publication_id = begin_step.publication_id
        ),
        step.phase, step.kind, step.target, step.statement, step.risk, step.run_as, 'running', null
    returning step_id
$$;

comment on function publish.begin_step(uuid, compile.step) is 'Journals that a step begins; its id';

create function publish.end_step(step_id uuid, fault text)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    update publish.step s
    set state = case when end_step.fault is null then 'done' else 'failed' end,
        executed_at = clock_timestamp(), fault = end_step.fault
    where s.step_id = end_step.step_id
$$;

comment on function publish.end_step(uuid, text) is
'Journals that a step is done, or why it failed';

create function publish.advance(
    fill_target text, fill_statement text, most integer,
    out rows_done bigint, out rows_total bigint, out finished boolean
)
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    administrator text := current_setting('role');
    relation regclass := fill_target::regclass;
    progress publish.fill;
    batch record;
begin
    select f.* into progress
    from publish.fill f
    where f.table_id = relation and f.statement = fill_statement
    for update;
    perform publish.become('executor', administrator);
    execute format(
        $batch$with batch as materialized (
    select t.tenant_id, t.id from %1$s t
    where (t.tenant_id, t.id) > ($1, $2) order by t.tenant_id, t.id limit $3
), written as (%2$s returning 1)
select
    (select count(*) from batch) as taken, (select count(*) from written) as written, l.*
from (select 1) one
left join (select b.* from batch b order by b.tenant_id desc, b.id desc limit 1) l on true$batch$,
        relation, fill_statement
    )
    into batch
    using coalesce(progress.last_tenant_id, '00000000-0000-0000-0000-000000000000'),
        coalesce(progress.last_id, '00000000-0000-0000-0000-000000000000'), most;
    perform publish.become('administrator', administrator);
    finished := batch.taken < most;
    update publish.fill f
    set last_tenant_id = coalesce(batch.tenant_id, f.last_tenant_id),
        last_id = coalesce(batch.id, f.last_id),
        rows_done = f.rows_done + batch.written,
        rows_total = greatest(f.rows_total, f.rows_done + batch.written),
        advanced_at = clock_timestamp(),
        finished_at = case when finished then clock_timestamp() end
    where f.table_id = relation and f.statement = fill_statement
    returning f.rows_done, f.rows_total into rows_done, rows_total;
end
$$;

comment on function publish.advance(text, text, integer) is
'Fills the next rows of a table, at most so many; a transaction of its own for each batch';

create function publish.finish(publication_id uuid)
    returns setof compile.step
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
as $$
declare
    given publish.publication;
    in_force uuid;
begin
    perform pg_advisory_xact_lock(hashtext('qryvanta.publish'));
    perform set_config('lock_timeout', '500ms', true);
    select p.* into given
    from publish.publication p
    where p.publication_id = finish.publication_id and p.state = 'running'
    for update;
    if found then
        perform publish.go_live(
            given.app_id, publish.unpacked(given.manifest), given.reason, given.allow_data_loss,
            given.publication_id
        );
        in_force := publish.version_in_force(given.app_id);
        update publish.publication p
        set state = 'live', finished_at = clock_timestamp(), version_id = in_force
        where p.publication_id = given.publication_id;
        update publish.step s
        set version_id = in_force
        where s.publication_id = given.publication_id;
        delete from publish.fill f
        using publish.place p
        where p.app_id = given.app_id and p.table_id = f.table_id;
        delete from publish.built b
        where b.app_id = given.app_id;
    elsif not exists (
        select
        from publish.publication p
        where p.publication_id = finish.publication_id and p.state = 'live'
    ) then
        raise exception 'meanwhile the publication failed, or another draft took its place'
            using errcode = 'QP007';
    end if;
    return query
    select s.phase, 0, s.kind, s.target, s.statement, s.risk, null, s.run_as
    from publish.step s
    where s.publication_id = finish.publication_id
    order by s.started_at, s.position;
end
$$;

comment on function publish.finish(uuid) is
'The version goes live, in one transaction, unless somebody who published the same did it; all '
'steps of the publication. Raises QP006 while online steps are left, QP007 when it failed or gave '
'way to another draft';

commit;
