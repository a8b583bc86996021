-- Revert qryvanta:publish/progress from pg

begin;

drop view publish.progress;

commit;
