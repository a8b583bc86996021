-- Deploy qryvanta:publish/version to pg
-- requires: meta/app

begin;

set local role qryvanta_owner;

create table publish.version (
    version_id uuid not null default tenancy.new_id(),
    app_id uuid not null,
    number integer not null,
    manifest jsonb not null,
    model jsonb not null,
    published_at timestamptz not null default clock_timestamp(),
    published_by name not null default session_user,
    reason text,

    constraint version_pkey primary key (version_id),
    constraint version_app_id_number_key unique (app_id, number),
    constraint version_app_id_fkey foreign key (app_id)
        references meta.app (app_id) on delete cascade,
    constraint version_number_check check (number > 0)
);

comment on table publish.version is 'What was published: the whole app, never changed afterwards';
comment on column publish.version.manifest is 'The manifest with ids and canonical expressions';
comment on column publish.version.model is
'The manifest with every default resolved: what the server reads';

create table publish.step (
    step_id uuid not null default tenancy.new_id(),
    version_id uuid not null,
    position integer not null,
    kind text not null,
    target text not null,
    statement text not null,
    risk text not null,
    run_as text not null,
    executed_at timestamptz not null default clock_timestamp(),

    constraint step_pkey primary key (step_id),
    constraint step_version_id_fkey foreign key (version_id)
        references publish.version (version_id) on delete cascade
);

create index step_version_id_idx on publish.step (version_id);

comment on table publish.step is
'The statements that ran to bring a version about, or to repair it later';

create function publish.refuse_change()
    returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'a published version is not changed; publish another' using errcode = '42501';
end
$$;

comment on function publish.refuse_change() is 'Trigger: a version is immutable; raises 42501';

create trigger version_immutable
before update on publish.version
for each row execute function publish.refuse_change();

create function publish.current_manifest(app_id uuid)
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select v.manifest
    from meta.app a
    join publish.version v on v.app_id = a.app_id and v.number = a.published_version
    where a.app_id = current_manifest.app_id
);

comment on function publish.current_manifest(uuid) is
'The manifest of the version in force; null before the first publish';

commit;
