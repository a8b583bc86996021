-- Deploy qryvanta:publish/app to pg
-- requires: publish/execute meta/problem
-- A draft becomes the version in force, in one transaction.

begin;

set local role qryvanta_owner;

create function publish.keep_version(app_id uuid, manifest jsonb, whole jsonb, reason text)
    returns uuid
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
    with kept as (
        insert into publish.version (app_id, number, manifest, model, reason)
        select
            keep_version.app_id, coalesce(max(v.number), 0) + 1, keep_version.manifest,
            compile.with_constraints(keep_version.whole), keep_version.reason
        from publish.version v
        where v.app_id = keep_version.app_id
        returning version_id, number
    ),
    in_force as (
        update meta.app a set published_version = kept.number
        from kept
        where a.app_id = keep_version.app_id
    )
    select kept.version_id from kept
$$;

comment on function publish.keep_version(uuid, jsonb, jsonb, text) is
'Stores a version and puts it in force; its id';

create function publish.journal(version_id uuid, publication_id uuid, steps compile.step[])
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    insert into publish.step (
        version_id, publication_id, position, phase, kind, target, statement, risk, run_as
    )
    select
        journal.version_id, journal.publication_id, s.position, s.phase, s.kind, s.target,
        s.statement, s.risk, s.run_as
    from unnest(steps) with ordinality
        as s (phase, rank, kind, target, statement, risk, why, run_as, position)
$$;

comment on function publish.journal(uuid, uuid, compile.step[]) is
'Records the steps that ran for a version';

create function publish.version_in_force(app_id uuid)
    returns uuid
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select v.version_id
    from publish.version v
    join meta.app a on a.app_id = v.app_id and a.published_version = v.number
    where a.app_id = version_in_force.app_id
);

comment on function publish.version_in_force(uuid) is
'The id of the version in force; null before the first publish';

create function publish.check_draft(app_id uuid, manifest jsonb, allow_data_loss boolean)
    returns jsonb
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    fault record;
    broken jsonb;
    whole jsonb;
    compared jsonb;
begin
    if manifest is null then
        raise exception 'there is no such app' using errcode = 'P0002';
    end if;
    for fault in select p.path, p.message from meta.problem_given(manifest) p loop
        raise exception '%: %', fault.path, fault.message using errcode = 'QP004';
    end loop;
    whole := compile.resolved(manifest);
    for fault in select p.path, p.message from meta.problem_resolved(whole) p loop
        raise exception '%: %', fault.path, fault.message using errcode = 'QP004';
    end loop;
    perform publish.refuse_obstacles(check_draft.app_id, whole);
    if not allow_data_loss then
        perform publish.refuse_lost_roles(check_draft.app_id, whole);
    end if;
    compared := compile.situated(compile.scoped(check_draft.manifest, whole));
    if compared -> 'live_tables' = '[]' then
        -- Without a table there are no rows to break anything.
        return compared;
    end if;
    compared := compile.compared(compared);
    broken := (
        select jsonb_agg(to_jsonb(p) order by p.path, p.rule)
        from compile.preflight(compared) p
    );
    if broken is not null then
        raise exception '% records break "%"%', broken -> 0 -> 'broken', broken -> 0 ->> 'message',
            case when jsonb_array_length(broken) > 1
                then format(', and %s more demands are broken', jsonb_array_length(broken) - 1)
                else '' end
            using errcode = 'QP008', detail = broken::text,
            hint = 'See the records with: qryvanta app preflight; decide with: qryvanta app remedy.';
    end if;
    return compared;
end
$$;

comment on function publish.check_draft(uuid, jsonb, boolean) is
'The draft beside what is there (compile.situated). Refuses what cannot be published before '
'anything is touched: QP004 for an invalid model, QP005 '
'when something of somebody else stands in the way, QP008 when records would break it (DETAIL is '
'the list of compile.preflight as JSON)';

create function publish.go_live(app_id uuid, manifest jsonb, reason text, allow_data_loss boolean,
    publication_id uuid)
    returns setof compile.step
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    whole jsonb := compile.resolved(manifest);
    steps compile.step[];
    in_force uuid;
begin
    steps := array(select s from publish.execute(manifest, whole, allow_data_loss) s);
    if manifest is distinct from publish.current_manifest(go_live.app_id) then
        in_force := publish.keep_version(go_live.app_id, manifest, whole, go_live.reason);
    else
        in_force := publish.version_in_force(go_live.app_id);
    end if;
    perform publish.journal(in_force, go_live.publication_id, steps);
    -- Members may hold several roles of which one is new, or was lost with the cluster.
    perform identity.create_role_sets();
    perform pg_notify('qryvanta_model', manifest -> 'app' ->> 'name');
    -- Who may act as what follows from the roles that there are.
    perform pg_notify('qryvanta_identity', '');
    return query select * from unnest(steps);
end
$$;

comment on function publish.go_live(uuid, jsonb, text, boolean, uuid) is
'What makes a version the one in force, in the transaction of the caller; the steps that ran';

create function publish.app(
    app_id uuid, reason text default null, allow_data_loss boolean default false
)
    returns setof compile.step
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
as $$
declare
    manifest jsonb := meta.manifest(app.app_id);
begin
    perform pg_advisory_xact_lock(hashtext('qryvanta.publish'));
    -- Whoever reads or writes a table waits at most this long behind us.
    perform set_config('lock_timeout', '500ms', true);
    perform publish.check_draft(app.app_id, manifest, allow_data_loss);
    return query select * from publish.go_live(app.app_id, manifest, app.reason, allow_data_loss, null);
end
$$;

comment on function publish.app(uuid, text, boolean) is
'Publishes the draft of an app in one transaction, whole or not at all; the steps that ran, none '
'when nothing differed. Raises QP002 when data would be lost without leave, QP004 for an invalid '
'model, QP008 when records break it, QP006 when a large table needs online steps, 55P03 when a '
'table stays locked';

commit;
