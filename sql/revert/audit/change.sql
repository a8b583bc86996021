-- Revert qryvanta:audit/change from pg

begin;

drop table audit.change;
drop sequence audit.change_number;
drop function audit.setting(text);
drop function audit.ensure_partition(date);
drop function audit.refuse();

commit;
