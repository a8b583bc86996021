-- Revert qryvanta:compile/audit_function from pg

begin;

drop function compile.audit_function(jsonb);
drop function compile.difference_select(text, text);
drop function compile.whole_row_select(text, text, text);
drop function compile.audit_body(text, text, text);
drop function compile.audited_column(jsonb);

commit;
