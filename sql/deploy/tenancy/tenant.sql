-- Deploy qryvanta:tenancy/tenant to pg
-- requires: tenancy/identifier

begin;

set local role qryvanta_owner;

create table tenancy.tenant (
    tenant_id uuid not null default tenancy.new_id(),
    name text not null,
    label text not null,
    time_zone text not null default 'UTC',
    created_at timestamptz not null default now(),

    constraint tenant_pkey primary key (tenant_id),
    constraint tenant_name_key unique (name),
    constraint tenant_name_check check (name ~ '^[a-z][a-z0-9_]{0,47}$'),
    constraint tenant_label_check check (btrim(label) <> '')
);

comment on table tenancy.tenant is 'An organisation whose data nobody else sees';
comment on column tenancy.tenant.name is 'Its name in commands and addresses';
comment on column tenancy.tenant.time_zone is 'Zone of imported times that carry no offset';

-- A direct SQL login belongs to one tenant for life: nothing that its session sets changes it.
create table tenancy.database_login (
    login name not null,
    tenant_id uuid not null,
    user_id uuid,
    created_at timestamptz not null default now(),

    constraint database_login_pkey primary key (login),
    constraint database_login_tenant_id_fkey foreign key (tenant_id)
        references tenancy.tenant (tenant_id) on delete cascade
);

create index database_login_tenant_id_idx on tenancy.database_login (tenant_id);

comment on table tenancy.database_login is 'Which tenant a direct SQL login (BI) sees';

create function tenancy.refuse_gateway_login()
    returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if pg_has_role(new.login, 'tenant_setting', 'member') then
        raise exception 'login % may choose its tenant by a setting and cannot be mapped to one', new.login
            using errcode = '23514';
    end if;
    return new;
end
$$;

comment on function tenancy.refuse_gateway_login() is
'Trigger: a login that may choose its tenant is mapped to none; raises 23514';

create trigger database_login_gateway
before insert or update on tenancy.database_login
for each row execute function tenancy.refuse_gateway_login();

commit;
