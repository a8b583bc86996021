-- Deploy qryvanta:api/draft to pg
-- requires: publish/selection publish/dependent publish/notice publish/difference identity/actor
-- What builders may see and do through the server: only in apps of their own tenant. The server
-- says who is asking; what that person is, is looked up here.

begin;

set local role qryvanta_owner;

create function api.require_builder(tenant_id uuid, user_id uuid)
    returns void
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select
        from identity.principal(require_builder.tenant_id, require_builder.user_id, null) p
        where p.roles && array['owner', 'builder']
    ) then
        raise exception 'only an owner or builder of the tenant sees its models'
            using errcode = '42501';
    end if;
end
$$;

comment on function api.require_builder(uuid, uuid) is
'Raises 42501 unless the member is an owner or builder of the tenant';

create function api.draft_id(tenant_id uuid, user_id uuid, app text)
    returns uuid
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    found_id uuid := (
        select a.app_id
        from meta.app a
        where a.name = draft_id.app and a.tenant_id = draft_id.tenant_id
    );
begin
    perform api.require_builder(draft_id.tenant_id, draft_id.user_id);
    if found_id is null then
        raise exception 'the tenant has no app %', draft_id.app using errcode = 'P0002';
    end if;
    return found_id;
end
$$;

comment on function api.draft_id(uuid, uuid, text) is
'The id of an app that the tenant owns; raises 42501 for who is no builder, P0002 for none';

create function api.draft_apps(tenant_id uuid, user_id uuid)
    returns jsonb
    stable
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform api.require_builder(draft_apps.tenant_id, draft_apps.user_id);
    return (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'name', a.name, 'label', coalesce(a.label, compile.label(a.name)),
                    'description', a.description, 'published_version', a.published_version
                )
                order by a.name
            ),
            '[]'
        )
        from meta.app a
        where a.tenant_id = draft_apps.tenant_id
    );
end
$$;

comment on function api.draft_apps(uuid, uuid) is 'The apps of a tenant, for its builders';

create function api.draft_manifest(tenant_id uuid, user_id uuid, app text, version integer)
    returns jsonb
    stable
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
return publish.manifest(
    api.draft_id(draft_manifest.tenant_id, draft_manifest.user_id, draft_manifest.app), version
);

comment on function api.draft_manifest(uuid, uuid, text, integer) is
'The manifest of a version, or of the draft without one';

create function api.draft_plan(tenant_id uuid, user_id uuid, app text)
    returns jsonb
    stable
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    app_id uuid := api.draft_id(draft_plan.tenant_id, draft_plan.user_id, draft_plan.app);
begin
    return jsonb_build_object(
        'steps',
        coalesce((select jsonb_agg(to_jsonb(p)) from compile.plan(meta.manifest(app_id)) p), '[]'),
        'breaks',
        coalesce((select jsonb_agg(to_jsonb(b)) from publish.breaks(app_id) b), '[]')
    );
end
$$;

comment on function api.draft_plan(uuid, uuid, text) is
'{steps: what publishing the draft would run, breaks: what that would break}';

create function api.draft_versions(tenant_id uuid, user_id uuid, app text)
    returns jsonb
    stable
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select coalesce(
        jsonb_agg(
            jsonb_build_object(
                'number', v.number, 'published_at', v.published_at, 'published_by',
                coalesce(
                    (
                        select a.email
                        from identity.account a
                        where a.user_id = v.published_by_user_id
                    ),
                    v.published_by
                ),
                'reason', v.reason,
                'breaks',
                (
                    select coalesce(jsonb_agg(n.sentence order by n.place), '[]')
                    from publish.notice n
                    where n.version_id = v.version_id
                )
            )
            order by v.number desc
        ),
        '[]'
    )
    from api.draft_id(draft_versions.tenant_id, draft_versions.user_id, draft_versions.app)
        as d (app_id)
    join publish.version v using (app_id)
);

comment on function api.draft_versions(uuid, uuid, text) is
'The published versions of an app, the newest first, each with what it broke';

create function api.draft_difference(
    tenant_id uuid, user_id uuid, app text, old_version integer, new_version integer
)
    returns jsonb
    stable
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    app_id uuid := api.draft_id(
        draft_difference.tenant_id, draft_difference.user_id, draft_difference.app
    );
    old_number integer := coalesce(old_version, publish.in_force(app_id));
begin
    return (
        select coalesce(jsonb_agg(to_jsonb(d)), '[]')
        from publish.difference(
            case when old_number is not null then publish.manifest(app_id, old_number) end,
            publish.manifest(app_id, new_version)
        ) d
    );
end
$$;

comment on function api.draft_difference(uuid, uuid, text, integer, integer) is
'What differs between two versions; no old one is that in force, no new one the draft';

create function api.draft_problems(tenant_id uuid, user_id uuid, manifest jsonb)
    returns jsonb
    stable
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform api.require_builder(draft_problems.tenant_id, draft_problems.user_id);
    return (select coalesce(jsonb_agg(to_jsonb(p)), '[]') from meta.problem(manifest) p);
end
$$;

comment on function api.draft_problems(uuid, uuid, jsonb) is
'What is wrong with a manifest of the right shape, each with its path';

create function api.replace_draft(tenant_id uuid, user_id uuid, app text, manifest jsonb)
    returns boolean
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    is_new boolean := not exists (select from meta.app a where a.name = replace_draft.app);
    known_id uuid;
    stored_id uuid;
    own_ids uuid[] := array(
        select a.app_id from meta.app a where a.tenant_id = replace_draft.tenant_id
    );
begin
    if is_new then
        perform api.require_builder(replace_draft.tenant_id, replace_draft.user_id);
    else
        known_id := api.draft_id(
            replace_draft.tenant_id, replace_draft.user_id, replace_draft.app
        );
    end if;
    if replace_draft.manifest -> 'app' ->> 'name' = replace_draft.app then
        stored_id := meta.store(replace_draft.manifest, replace_draft.tenant_id);
    end if;
    -- By its id a manifest may be that of an app with another name.
    if stored_id is null or stored_id <> known_id or is_new and stored_id = any(own_ids) then
        raise exception 'the manifest is of another app' using errcode = '22023';
    end if;
    return is_new;
end
$$;

comment on function api.replace_draft(uuid, uuid, text, jsonb) is
'Replaces the draft of an app of the tenant by a manifest, or starts a new one; whether it is new. '
'Raises 22023 when the manifest is of another app';

grant execute on function
api.draft_apps(uuid, uuid),
api.draft_manifest(uuid, uuid, text, integer),
api.draft_plan(uuid, uuid, text),
api.draft_versions(uuid, uuid, text),
api.draft_difference(uuid, uuid, text, integer, integer),
api.draft_problems(uuid, uuid, jsonb),
api.replace_draft(uuid, uuid, text, jsonb)
to qryvanta_gateway;

commit;
