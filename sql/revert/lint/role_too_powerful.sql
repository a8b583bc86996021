-- Revert qryvanta:lint/role_too_powerful from pg

begin;

drop view lint.role_too_powerful;

commit;
