-- Deploy qryvanta:identity/account to pg
-- requires: tenancy/tenant
-- A person who may sign in. One account serves all tenants of which the person is a member.

begin;

set local role qryvanta_owner;

create table identity.account (
    user_id uuid not null default tenancy.new_id(),
    email text not null,
    name text not null,
    password_hash text,
    password_changed_at timestamptz not null default now(),
    disabled_at timestamptz,
    created_at timestamptz not null default now(),

    constraint account_pkey primary key (user_id),
    constraint account_email_key unique (email),
    -- Stored in lower case, so that the key is blind to case without an extension.
    constraint account_email_case_check check (email = lower(email)),
    constraint account_email_check check (
        email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) <= 254
    ),
    constraint account_name_check check (btrim(name) <> '' and length(name) <= 200)
);

comment on table identity.account is 'A person who may sign in';
comment on column identity.account.email is 'The login name, in lower case';
comment on column identity.account.password_hash is
'argon2id with its parameters; null: no sign-in by password';
comment on column identity.account.disabled_at is
'Since when nothing of this person works any more';

commit;
