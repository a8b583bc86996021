-- Deploy qryvanta:identity/notification to pg
-- requires: identity/session
-- requires: identity/token
-- Servers keep a caller's rights for a few seconds. What takes rights away is told at once; the
-- payload is empty, because everybody may listen.

begin;

set local role qryvanta_owner;

create function identity.notify_servers()
    returns trigger
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_notify('qryvanta_identity', '');
    return null;
end
$$;

comment on function identity.notify_servers() is 'Lets every server forget the callers it knows';

create trigger account_notification
after update of email, name, disabled_at, password_hash or delete on identity.account
for each statement execute function identity.notify_servers();

create trigger member_notification
after update of state or delete on identity.member
for each statement execute function identity.notify_servers();

create trigger member_role_notification
after insert or update or delete on identity.member_role
for each statement execute function identity.notify_servers();

-- Not last_seen_at and last_used_at: they change all the time and take nothing away.
create trigger session_notification
after update of revoked_at, expires_at or delete on identity.session
for each statement execute function identity.notify_servers();

create trigger token_notification
after update of revoked_at, expires_at, roles or delete on identity.token
for each statement execute function identity.notify_servers();

commit;
