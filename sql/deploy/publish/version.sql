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
    published_by_user_id uuid default tenancy.current_user_id(),
    reason text,

    constraint version_pkey primary key (version_id),
    constraint version_app_id_number_key unique (app_id, number),
    constraint version_app_id_fkey foreign key (app_id)
        references meta.app (app_id) on delete cascade,
    constraint version_number_check check (number > 0)
);

comment on table publish.version is 'What was published: the whole app, never changed afterwards';
comment on column publish.version.published_by is 'The login that published';
comment on column publish.version.published_by_user_id is
'The user for whom it did, where it says so: the builder who asked through the server';
comment on column publish.version.manifest is 'The manifest with ids and canonical expressions';
comment on column publish.version.model is
'The manifest with every default resolved: what the server reads';

create table publish.publication (
    publication_id uuid not null default tenancy.new_id(),
    app_id uuid not null,
    manifest jsonb not null,
    reason text,
    allow_data_loss boolean not null,
    state text not null default 'running',
    requested_at timestamptz not null default clock_timestamp(),
    requested_by name not null default session_user,
    requested_by_user_id uuid,
    finished_at timestamptz,
    fault text,
    fault_code text,
    fault_detail text,
    version_id uuid,

    constraint publication_pkey primary key (publication_id),
    constraint publication_app_id_fkey foreign key (app_id)
        references meta.app (app_id) on delete cascade,
    constraint publication_version_id_fkey foreign key (version_id)
        references publish.version (version_id) on delete cascade,
    constraint publication_state_check
        check (state in ('requested', 'running', 'live', 'failed', 'superseded'))
);

-- One at a time for each app.
create unique index publication_running_key on publish.publication (app_id)
    where state = 'running';
create index publication_app_id_idx on publish.publication (app_id);
create index publication_version_id_idx on publish.publication (version_id);

comment on table publish.publication is
'An attempt to publish a draft; what was interrupted goes on where it stopped';
comment on column publish.publication.state is
'requested (a worker will take it), running (or interrupted), live, failed (nothing changed), '
'superseded by another draft';
comment on column publish.publication.requested_by_user_id is
'The builder who asked for it through the server; null for a command';
comment on column publish.publication.fault_code is 'SQLSTATE of the fault';
comment on column publish.publication.fault_detail is 'DETAIL of the fault';

create table publish.step (
    step_id uuid not null default tenancy.new_id(),
    publication_id uuid,
    version_id uuid,
    position integer not null,
    phase text not null default 'transactional',
    kind text not null,
    target text not null,
    statement text not null,
    risk text not null,
    run_as text not null,
    state text not null default 'done',
    started_at timestamptz not null default clock_timestamp(),
    executed_at timestamptz default clock_timestamp(),
    fault text,

    constraint step_pkey primary key (step_id),
    constraint step_version_id_fkey foreign key (version_id)
        references publish.version (version_id) on delete cascade,
    constraint step_publication_id_fkey foreign key (publication_id)
        references publish.publication (publication_id) on delete cascade,
    constraint step_state_check check (state in ('running', 'interrupted', 'done', 'failed'))
);

create index step_version_id_idx on publish.step (version_id);
create index step_publication_id_idx on publish.step (publication_id);

comment on table publish.step is
'The statements that ran to bring a version about, or to repair it later';
comment on column publish.step.state is
'running, done, failed; interrupted: its publisher ended meanwhile, the next one repeats what is '
'left of it';
comment on column publish.step.executed_at is 'When it was done';

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

create function publish.unpacked(document jsonb)
    returns jsonb
    immutable
    language sql
return unpacked.document || '{}';

comment on function publish.unpacked(jsonb) is
'A stored document as it is in memory. As it is stored, large and compressed, every look into it '
'unpacks all of it';

create function publish.current_manifest(app_id uuid)
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select publish.unpacked(v.manifest)
    from meta.app a
    join publish.version v on v.app_id = a.app_id and v.number = a.published_version
    where a.app_id = current_manifest.app_id
);

comment on function publish.current_manifest(uuid) is
'The manifest of the version in force; null before the first publish';

commit;
