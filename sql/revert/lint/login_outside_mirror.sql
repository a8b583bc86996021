-- Revert qryvanta:lint/login_outside_mirror from pg

begin;

drop view lint.login_outside_mirror;

commit;
