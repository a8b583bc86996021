-- Revert qryvanta:identity/session from pg

begin;

drop function identity.revoke_sessions(uuid);
drop table identity.session;

commit;
