-- Revert qryvanta:publish/remedy from pg

begin;

drop table publish.remedy;

commit;
