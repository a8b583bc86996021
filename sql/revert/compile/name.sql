-- Revert qryvanta:compile/name from pg

begin;

drop function compile.bi_role(text, text);
drop function compile.app_role(text, text);
drop function compile.sql_type(text, integer, integer);
drop function compile.plural(text);
drop function compile.label(text);
drop function compile.derived_name(text);

commit;
