-- Deploy qryvanta:api/publication to pg
-- requires: api/draft publish/abandon publish/progress queue/worker
-- A builder asks for a publication, and a worker with the login of the publisher does it: what
-- serves requests may change no table.

begin;

set local role qryvanta_owner;

create function api.request_publication(
    tenant_id uuid, user_id uuid, app text, reason text, allow_data_loss boolean
)
    returns uuid
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    known_id uuid := api.draft_id(
        request_publication.tenant_id, request_publication.user_id, request_publication.app
    );
    requested uuid := tenancy.new_id();
begin
    if not queue.can_publish() then
        raise exception 'no worker is at work that can publish' using errcode = 'QP009';
    end if;
    insert into publish.publication (
        publication_id, app_id, manifest, reason, allow_data_loss, state, requested_by_user_id
    )
    values (
        requested, known_id, meta.manifest(known_id), request_publication.reason,
        request_publication.allow_data_loss, 'requested', request_publication.user_id
    );
    insert into queue.pgqueuer (priority, entrypoint, payload, dedupe_key, status)
    values (
        0, 'publish.requested', convert_to(requested::text, 'UTF8'),
        'publish.requested:' || requested, 'queued'
    );
    return requested;
end
$$;

comment on function api.request_publication(uuid, uuid, text, text, boolean) is
'Asks for the draft of an app of the tenant to be published; the publication. Raises QP009 when '
'nobody is there who can, and as api.draft_id';

create function api.publication(tenant_id uuid, user_id uuid, app text, publication_id uuid)
    returns jsonb
    stable
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    known_id uuid := api.draft_id(publication.tenant_id, publication.user_id, publication.app);
    found_one jsonb;
begin
    select
        jsonb_build_object(
            'publication_id', p.publication_id, 'state', p.state, 'version', v.number,
            'reason', p.reason, 'requested_at', p.requested_at, 'finished_at', p.finished_at,
            'fault', case when p.fault is not null then jsonb_build_object(
                'code', p.fault_code, 'message', p.fault, 'detail', p.fault_detail
            ) end,
            'step', case when g.kind is not null then jsonb_build_object(
                'kind', g.kind, 'target', g.target, 'rows_done', g.rows_done, 'rows_total',
                g.rows_total, 'rows_per_second', g.rows_per_second
            ) end
        )
    into found_one
    from publish.publication p
    join publish.progress g using (publication_id)
    left join publish.version v on v.version_id = p.version_id
    where p.app_id = known_id and p.publication_id = publication.publication_id;
    if found_one is null then
        raise exception 'there is no such publication of %', publication.app using errcode = 'P0002';
    end if;
    return found_one;
end
$$;

comment on function api.publication(uuid, uuid, text, uuid) is
'How far a publication of an app of the tenant is, or what became of it; raises P0002 for none';

create function api.draft_preflight(tenant_id uuid, user_id uuid, app text)
    returns jsonb
    stable
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select coalesce(jsonb_agg(to_jsonb(p) order by p.path, p.rule), '[]')
    from compile.preflight(
        compile.comparison(meta.manifest(
            api.draft_id(
                draft_preflight.tenant_id, draft_preflight.user_id, draft_preflight.app
            )
        )),
        draft_preflight.tenant_id
    ) p
);

comment on function api.draft_preflight(uuid, uuid, text) is
'The records of the tenant that break the draft of its app, and what can be done about them';

grant execute on function
api.request_publication(uuid, uuid, text, text, boolean),
api.publication(uuid, uuid, text, uuid),
api.draft_preflight(uuid, uuid, text)
to qryvanta_gateway;

commit;
