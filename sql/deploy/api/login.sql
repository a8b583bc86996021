-- Deploy qryvanta:api/login to pg
-- requires: identity/attempt
-- requires: identity/session
-- Signing in, in two steps, because the server checks the password: argon2 is not the database's.

begin;

set local role qryvanta_owner;

create function api.begin_login(
    email text, address text, out user_id uuid, out password_hash text, out wait integer
)
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- The address first: a flood of names must not fill the table of names.
    wait := identity.count_attempt('', begin_login.address, 100);
    if wait = 0 then
        wait := identity.count_attempt(
            identity.attempt_subject(begin_login.email), begin_login.address, 5
        );
    end if;
    if wait = 0 then
        select a.user_id, a.password_hash into begin_login.user_id, begin_login.password_hash
        from identity.account a
        where a.email = lower(btrim(begin_login.email)) and a.disabled_at is null;
    end if;
end
$$;

comment on function api.begin_login(text, text) is
'Counts an attempt. Returns the seconds to wait (0: go on) and, for a known and enabled account, '
'its id and hash; for an unknown one nulls, and the caller verifies a hash all the same';


create function api.start_session(
    user_id uuid, tenant text, kind text, lifetime interval, idle_limit interval, address text,
    user_agent text
)
    returns uuid
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    chosen uuid;
    started uuid;
begin
    -- Without a choice: the tenant of the last sign-in, else the oldest membership.
    select m.tenant_id into chosen
    from identity.member m
    join identity.account a on a.user_id = m.user_id and a.disabled_at is null
    join tenancy.tenant t on t.tenant_id = m.tenant_id
    where m.user_id = start_session.user_id
        and m.state = 'active'
        and (start_session.tenant is null or t.name = start_session.tenant)
    order by
        (
            select max(s.created_at) from identity.session s
            where s.tenant_id = m.tenant_id and s.user_id = m.user_id
        ) desc nulls last,
        m.created_at
    limit 1;
    if chosen is null then
        return null;
    end if;

    insert into identity.session
    (kind, tenant_id, user_id, expires_at, idle_limit, address, user_agent)
    values (
        start_session.kind, chosen, start_session.user_id, now() + start_session.lifetime,
        start_session.idle_limit, left(start_session.address, 64),
        left(start_session.user_agent, 300)
    )
    returning session_id into started;

    perform identity.forgive_attempt(start_session.user_id, start_session.address);
    -- Housekeeping here: it needs no job, and who never signs in leaves nothing behind.
    delete from identity.session s
    where s.user_id = start_session.user_id and s.expires_at < now() - interval '30 days';
    return started;
end
$$;

comment on function api.start_session(uuid, text, text, interval, interval, text, text) is
'Signs in a person whose password was right. Returns the session; null without a (such) tenant';


create function identity.forgive_attempt(user_id uuid, address text)
    returns void
    volatile
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    delete from identity.attempt a
    where a.address = forgive_attempt.address
        and a.subject = (
            select identity.attempt_subject(p.email) from identity.account p
            where p.user_id = forgive_attempt.user_id
        );

    -- Only this one success: else an own account would reset the count for guessing others'.
    update identity.attempt a
    set failures = greatest(a.failures - 1, 0), blocked_until = null
    where a.address = forgive_attempt.address and a.subject = '';

    delete from identity.attempt a where a.last_at < now() - interval '1 day';
$$;

comment on function identity.forgive_attempt(uuid, text) is
'Takes a successful sign-in out of the count of failures';


create function api.rehash_password(user_id uuid, old_hash text, new_hash text)
    returns void
    volatile
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    update identity.account a
    set password_hash = rehash_password.new_hash
    where a.user_id = rehash_password.user_id and a.password_hash = rehash_password.old_hash;
$$;

comment on function api.rehash_password(uuid, text, text) is
'Replaces the hash of an unchanged password by one with today''s parameters';

grant usage on schema api to qryvanta_gateway;
grant execute on function
    api.begin_login(text, text),
    api.start_session(uuid, text, text, interval, interval, text, text),
    api.rehash_password(uuid, text, text)
to qryvanta_gateway;

commit;
