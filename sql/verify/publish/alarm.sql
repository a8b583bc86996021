-- Verify qryvanta:publish/alarm on pg

select * from publish.alarm where false;
select 'publish.row_security_fault()'::regprocedure;
select 'publish.restore_policy(text, text, text)'::regprocedure;
select 'publish.mend(text, text, text, text)'::regprocedure;
select 'publish.restore_row_security()'::regprocedure;
