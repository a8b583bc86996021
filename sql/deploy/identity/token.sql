-- Deploy qryvanta:identity/token to pg
-- requires: identity/role

begin;

set local role qryvanta_owner;

create table identity.token (
    token_id uuid not null default tenancy.new_id(),
    hash bytea not null,
    tenant_id uuid not null,
    user_id uuid not null,
    name text not null,
    roles text [],
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,

    constraint token_pkey primary key (token_id),
    constraint token_hash_key unique (hash),
    constraint token_user_id_fkey foreign key (tenant_id, user_id)
        references identity.member (tenant_id, user_id) on delete cascade,
    constraint token_hash_check check (length(hash) = 32),
    constraint token_name_check check (btrim(name) <> '' and length(name) <= 100),
    constraint token_roles_check check (cardinality(roles) > 0)
);

create index token_user_id_idx on identity.token (tenant_id, user_id);

comment on table identity.token is 'An API token of a member';
comment on column identity.token.hash is 'sha256 of the token: 32 random bytes need no slow hash';
comment on column identity.token.roles is
'What it may at most (owner, northwind.sales); null: all that its owner may';
comment on column identity.token.expires_at is 'null: never';
comment on column identity.token.last_used_at is 'Exact to a minute';

commit;
