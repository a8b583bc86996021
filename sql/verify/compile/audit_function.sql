-- Verify qryvanta:compile/audit_function on pg

select 'compile.audit_function(jsonb)'::regprocedure;
select 'compile.difference_select(text, text)'::regprocedure;
select 'compile.whole_row_select(text, text, text)'::regprocedure;
select 'compile.audit_body(text, text, text)'::regprocedure;
select 'compile.audited_column(jsonb)'::regprocedure;
