-- Revert qryvanta:meta/role from pg

begin;

drop table meta.field_grant;
drop table meta.role_grant;
drop table meta.role;

commit;
