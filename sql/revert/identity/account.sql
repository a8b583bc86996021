-- Revert qryvanta:identity/account from pg

begin;

drop table identity.account;

commit;
