-- Revert qryvanta:publish/alarm from pg

begin;

drop function publish.restore_row_security();
drop function publish.mend(text, text, text, text);
drop function publish.restore_policy(text, text, text);
drop function publish.row_security_fault();
drop table publish.alarm;

commit;
