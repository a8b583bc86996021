-- Revert qryvanta:identity/token from pg

begin;

drop table identity.token;

commit;
