-- Revert qryvanta:compile/searched from pg

begin;

drop function compile.searched_text(jsonb);
drop function compile.searched(jsonb);
drop function compile.searchable_type();

commit;
