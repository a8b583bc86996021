-- Revert qryvanta:identity/attempt from pg

begin;

drop function identity.count_attempt(bytea, text, integer);
drop function identity.attempt_delay(integer);
drop function identity.attempt_subject(text);
drop table identity.attempt;

commit;
