-- Revert qryvanta:compile/search from pg

begin;

drop function compile.search_grant(jsonb);
drop function compile.search_index(jsonb);
drop function compile.search_policy(jsonb);
drop function compile.search_function(jsonb);
drop function compile.search(jsonb);

commit;
