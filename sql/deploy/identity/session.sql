-- Deploy qryvanta:identity/session to pg
-- requires: identity/member

begin;

set local role qryvanta_owner;

create table identity.session (
    -- Random, not ascending in time: who sees one must not guess the next.
    session_id uuid not null default gen_random_uuid(),
    kind text not null,
    tenant_id uuid not null,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    idle_limit interval not null,
    user_agent text,
    address text,
    revoked_at timestamptz,

    constraint session_pkey primary key (session_id),
    constraint session_user_id_fkey foreign key (tenant_id, user_id)
        references identity.member (tenant_id, user_id) on delete cascade,
    constraint session_kind_check check (kind in ('browser', 'bearer')),
    constraint session_user_agent_check check (length(user_agent) <= 300),
    constraint session_address_check check (length(address) <= 64)
);

create index session_user_id_idx on identity.session (tenant_id, user_id);

comment on table identity.session is
'A sign-in: a browser''s cookie or a short-lived access token points here';
comment on column identity.session.kind is
'browser: cookie; bearer: access token. One cannot stand for the other';
comment on column identity.session.expires_at is 'The end, however busy it is';
comment on column identity.session.idle_limit is 'The end after this time without a request';
comment on column identity.session.last_seen_at is 'Exact to a minute';


create function identity.revoke_sessions(user_id uuid)
    returns integer
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    revoked integer;
begin
    update identity.session s
    set revoked_at = now()
    where s.user_id = revoke_sessions.user_id and s.revoked_at is null and s.expires_at > now();
    get diagnostics revoked = row_count;
    return revoked;
end
$$;

comment on function identity.revoke_sessions(uuid) is
'Signs a person out everywhere; returns the number of sessions';

commit;
