-- Revert qryvanta:lint/owner_wrong from pg

begin;

drop view lint.owner_wrong;

commit;
