-- Revert qryvanta:lint/grant_excessive from pg

begin;

drop view lint.grant_excessive;

commit;
