-- Deploy qryvanta:publish/repair to pg
-- requires: publish/app
-- What differs between the version in force and the database, and its repair.

begin;

set local role qryvanta_owner;

create function publish.drift(app_id uuid)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
as $$
    select s.*
    from compile.repair_step(publish.current_manifest(app_id)) s
    where publish.current_manifest(app_id) is not null
        -- What a publish in progress has prepared is nobody's drift.
        and not (
            s.target ~ '\._next_'
            and exists (
                select
                from publish.publication p
                where p.app_id = drift.app_id and p.state = 'running'
            )
        )
$$;

comment on function publish.drift(uuid) is
'What differs between the version in force and the database, as the steps that would repair it';

create function publish.repair(app_id uuid, allow_data_loss boolean default false)
    returns setof compile.step
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
as $$
declare
    manifest jsonb := publish.current_manifest(repair.app_id);
    steps compile.step[];
begin
    perform pg_advisory_xact_lock(hashtext('qryvanta.publish'));
    perform set_config('lock_timeout', '500ms', true);
    steps := array(
        select s from publish.execute(manifest, compile.resolved(manifest), allow_data_loss, true) s
    );
    perform publish.journal(publish.version_in_force(repair.app_id), null, steps);
    perform identity.create_role_sets();
    return query select * from unnest(steps);
end
$$;

comment on function publish.repair(uuid, boolean) is
'Makes the database again what the version in force asks for; the steps that ran';

commit;
