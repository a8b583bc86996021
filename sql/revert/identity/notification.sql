-- Revert qryvanta:identity/notification from pg

begin;

drop trigger token_notification on identity.token;
drop trigger session_notification on identity.session;
drop trigger member_role_notification on identity.member_role;
drop trigger member_notification on identity.member;
drop trigger account_notification on identity.account;
drop function identity.notify_servers();

commit;
