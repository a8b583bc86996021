-- Revert qryvanta:audit/change from pg

begin;

drop table audit.change;
drop function audit.setting(text);
drop function audit.ensure_partition(date);
drop function audit.refuse();

commit;
