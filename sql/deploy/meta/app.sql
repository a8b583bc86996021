-- Deploy qryvanta:meta/app to pg
-- requires: meta/identifier tenancy/tenant

begin;

set local role qryvanta_owner;

create table meta.app (
    app_id uuid not null default tenancy.new_id(),
    tenant_id uuid not null,
    name meta.identifier not null,
    label text,
    description text,
    icon text,
    language text,
    published_version integer,

    constraint app_pkey primary key (app_id),
    constraint app_name_key unique (name),
    constraint app_tenant_id_fkey foreign key (tenant_id) references tenancy.tenant (tenant_id),
    constraint app_name_check check (meta.name_fault(name, 'app') is null)
);

create index app_tenant_id_idx on meta.app (tenant_id);

comment on table meta.app is
'An application: its draft model hangs on it, its tables live in a schema of its name';
comment on column meta.app.tenant_id is
'The tenant that owns the app; others may have it installed';
comment on column meta.app.published_version is
'Number of the version in force; null before the first publish';

create table tenancy.installation (
    tenant_id uuid not null,
    app_id uuid not null,
    installed_at timestamptz not null default now(),

    constraint installation_pkey primary key (tenant_id, app_id),
    constraint installation_tenant_id_fkey foreign key (tenant_id)
        references tenancy.tenant (tenant_id) on delete cascade,
    constraint installation_app_id_fkey foreign key (app_id)
        references meta.app (app_id) on delete cascade
);

create index installation_app_id_idx on tenancy.installation (app_id);

comment on table tenancy.installation is 'Which tenants use which apps';

commit;
