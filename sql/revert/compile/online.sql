-- Revert qryvanta:compile/online from pg

begin;

drop function compile.is_prepared(jsonb, text, text);
drop function compile.switch_step(jsonb);
drop function compile.online_step(jsonb);
drop function compile.prepare_step(jsonb);
drop function compile.fill(jsonb);
drop function compile.required_online(jsonb);
drop function compile.online_definition(jsonb);
drop function compile.late_name(jsonb);
drop function compile.current_names(jsonb);

commit;
