-- Revert qryvanta:lint/owner_reachable from pg

begin;

drop view lint.owner_reachable;

commit;
