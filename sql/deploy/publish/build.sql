-- Deploy qryvanta:publish/build to pg
-- requires: publish/remember publish/settle compile/plan
-- Tables that were built ahead need not be compared again when the version goes live: they are
-- noted as settled without their rights, and get these at the end.

begin;

set local role qryvanta_owner;

create function publish.settle_built(publication_id uuid)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    manifest jsonb := (
        select publish.unpacked(p.manifest)
        from publish.publication p
        where p.publication_id = settle_built.publication_id and p.state = 'running'
    );
    model jsonb;
    built jsonb;
begin
    if not exists (
        select from publish.built b where b.publication_id = settle_built.publication_id
    ) then
        return;
    end if;
    model := compile.situated(compile.scoped(manifest));
    -- A table that refers to one that is live is whole only when the version goes live.
    built := model || jsonb_build_object('context', coalesce(model -> 'context', '{}') || (
        select coalesce(jsonb_object_agg(e.table_name, true), '{}')
        from compile.entity(model) e
        where not exists (
                select
                from publish.built b
                where b.app_id = (model -> 'app' ->> 'id')::uuid and b.kind = 'table'
                    and b.name = format('%s.%s', e.schema_name, e.table_name)
            )
            or exists (
                select
                from compile.live_reference(model) l
                where split_part(l.target, '.', 2) = e.table_name
            )
    ));
    perform publish.remember_built(built);
    perform publish.remember_places(built);
    perform publish.settle(manifest, built);
end
$$;

comment on function publish.settle_built(uuid) is
'Notes that the tables which a publication built ahead are as its manifest asks, but for rights; '
'to be called when all their steps are done';

create function publish.built_grant(whole jsonb, model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
    select s.*
    from (
        select jsonb_object_agg(t.name, true) as names
        from compile.settled_name(model) t
        join publish.built b
            on b.app_id = (model -> 'app' ->> 'id')::uuid and b.kind = 'table'
                and b.name = format('%s.%s', model -> 'app' ->> 'name', t.name)
    ) built
    cross join lateral compile.grant_step(
        compile.narrowed(whole, jsonb_build_object('open', built.names, 'context', '{}'::jsonb))
        || '{"ungranted": true}'
    ) s
    -- Those on the schema are in every plan.
    where built.names is not null and s.target like '%.%'
$$;

comment on function publish.built_grant(jsonb, jsonb) is
'The rights on the tables that were built ahead and that a plan (model) does not look at any more; '
'whole: the resolved manifest';

commit;
