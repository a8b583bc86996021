-- Deploy qryvanta:identity/member to pg
-- requires: identity/account
-- Who belongs to which tenant. User fields of the apps refer to it and pickers read it, so it
-- carries what may be shown of a person, and hides other tenants' people by policy.

begin;

set local role qryvanta_owner;

create table identity.member (
    tenant_id uuid not null,
    user_id uuid not null,
    name text not null,
    email text not null,
    state text not null default 'active',
    created_at timestamptz not null default now(),

    constraint member_pkey primary key (tenant_id, user_id),
    constraint member_tenant_id_fkey foreign key (tenant_id)
        references tenancy.tenant (tenant_id) on delete cascade,
    constraint member_user_id_fkey foreign key (user_id)
        references identity.account (user_id),
    constraint member_state_check check (state in ('active', 'disabled'))
);

create index member_user_id_idx on identity.member (user_id);

comment on table identity.member is 'A person in a tenant: what other members may know';
comment on column identity.member.name is 'Copy of the account''s, kept by trigger';
comment on column identity.member.email is 'Copy of the account''s, kept by trigger';
comment on column identity.member.state is
'disabled: records keep the name, but the tenant is closed';

alter table identity.member enable row level security, force row level security;

-- What app roles and direct SQL logins read of whom: enough for pickers and joins.
grant select (tenant_id, user_id, name, email, state) on identity.member to qryvanta_app;

create policy member_select on identity.member
for select using (tenant_id = (select tenancy.current_id()));

-- Forced, the owner is bound as well: its functions work across tenants.
create policy qryvanta_owner_all on identity.member
to qryvanta_owner using (true) with check (true);


create function identity.copy_account()
    returns trigger
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    update identity.member m
    set name = new.name, email = new.email
    where m.user_id = new.user_id;
    return null;
end
$$;

comment on function identity.copy_account() is 'Carries a changed name or address into the tenants';

create trigger account_copy
after update of name, email on identity.account
for each row execute function identity.copy_account();

commit;
