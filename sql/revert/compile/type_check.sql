-- Revert qryvanta:compile/type_check from pg

begin;

drop function compile.type_check(jsonb);
drop function compile.target_check(jsonb);
drop function compile.markup_check();

commit;
