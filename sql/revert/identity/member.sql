-- Revert qryvanta:identity/member from pg

begin;

drop trigger account_copy on identity.account;
drop function identity.copy_account();
drop table identity.member;

commit;
