-- Verify qryvanta:identity/attempt on pg

select subject, address, failures, last_at, blocked_until from identity.attempt where false;

select
    'identity.count_attempt(bytea, text, integer)'::regprocedure,
    'identity.attempt_delay(integer)'::regprocedure,
    'identity.attempt_subject(text)'::regprocedure;
