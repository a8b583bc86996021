-- Revert qryvanta:compile/scope from pg

begin;

drop function compile.settled_function(jsonb);
drop function compile.settled_name(jsonb);
drop function compile.settled_table(jsonb);
drop function compile.in_scope(jsonb, text);
drop function compile.scoped(jsonb, jsonb);
drop function compile.narrowed(jsonb, jsonb);
drop function compile.scope(jsonb);
drop function compile.table_state(uuid, text);
drop function compile.asked_table(jsonb);
drop function compile.rules_of_compiling();
drop function compile.neighbour(jsonb);
drop function compile.given_table(jsonb);

commit;
