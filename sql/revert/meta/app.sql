-- Revert qryvanta:meta/app from pg

begin;

drop table tenancy.installation;
drop table meta.app;

commit;
