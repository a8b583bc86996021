-- Revert qryvanta:lint/login_chooses_tenant from pg

begin;

drop view lint.login_chooses_tenant;

commit;
