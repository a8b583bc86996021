-- Deploy qryvanta:identity/attempt to pg
-- requires: identity/account
-- Failed sign-ins slow the next one down. Counted per account *and* address, so that a stranger
-- who guesses from elsewhere cannot lock a person out; and per address over all accounts, so that
-- trying one password on everybody is slow as well.

begin;

set local role qryvanta_owner;

create table identity.attempt (
    subject bytea not null,
    address text not null,
    failures integer not null default 0,
    last_at timestamptz not null default now(),
    blocked_until timestamptz,

    constraint attempt_pkey primary key (subject, address),
    constraint attempt_failures_check check (failures >= 0)
);

create index attempt_last_at_idx on identity.attempt (last_at);

comment on table identity.attempt is 'Failed sign-ins of the last day';
comment on column identity.attempt.subject is
'sha256 of the name typed (people type passwords there); empty: the address over all names';


create function identity.attempt_subject(email text)
    returns bytea
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return sha256(convert_to(lower(btrim(attempt_subject.email)), 'UTF8'));

comment on function identity.attempt_subject(text) is
'Under which key the attempts of a login name are counted';


create function identity.count_attempt(subject bytea, address text, free integer)
    returns integer
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    attempt identity.attempt;
begin
    insert into identity.attempt (subject, address)
    values (count_attempt.subject, count_attempt.address)
    on conflict on constraint attempt_pkey do nothing;

    -- The lock puts parallel guesses in a row.
    select a.* into attempt
    from identity.attempt a
    where a.subject = count_attempt.subject and a.address = count_attempt.address
    for update;

    if attempt.blocked_until > clock_timestamp() then
        return ceil(extract(epoch from attempt.blocked_until - clock_timestamp()));
    end if;
    if attempt.last_at < clock_timestamp() - interval '1 hour' then
        attempt.failures := 0;
    end if;
    -- Counted before the password is checked; a success takes it back.
    attempt.failures := attempt.failures + 1;
    update identity.attempt a
    set failures = attempt.failures,
        last_at = clock_timestamp(),
        blocked_until = case
            when attempt.failures >= free
                then clock_timestamp() + identity.attempt_delay(attempt.failures - free)
        end
    where a.subject = count_attempt.subject and a.address = count_attempt.address;
    return 0;
end
$$;

comment on function identity.count_attempt(bytea, text, integer) is
'Counts a sign-in as failed until it succeeds. Returns the seconds to wait; 0: go on. The first '
'"free" attempts cost nothing, then each doubles the delay';


create function identity.attempt_delay(excess integer)
    returns interval
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return least(power(2, least(attempt_delay.excess, 10)), 900) * interval '1 second';

comment on function identity.attempt_delay(integer) is
'Doubles from a second to a quarter of an hour';

commit;
