-- Revert qryvanta:compile/grant from pg

begin;

drop function compile.grant_step(jsonb);
drop function compile.live_grant(jsonb);
drop function compile.grant_statement(text, text, text, text, text);
drop function compile.actual_grant(text, text []);
drop function compile.desired_grant(jsonb);
drop function compile.internal_reader(jsonb);
drop function compile.hierarchy_grant(jsonb);
drop function compile.column_access(jsonb);

commit;
