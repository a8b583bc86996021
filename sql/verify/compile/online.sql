-- Verify qryvanta:compile/online on pg

select 'compile.is_prepared(jsonb, text, text)'::regprocedure;
select 'compile.switch_step(jsonb)'::regprocedure;
select 'compile.online_step(jsonb)'::regprocedure;
select 'compile.prepare_step(jsonb)'::regprocedure;
select 'compile.fill(jsonb)'::regprocedure;
select 'compile.required_online(jsonb)'::regprocedure;
select 'compile.online_definition(jsonb)'::regprocedure;
select 'compile.late_name(jsonb)'::regprocedure;
select 'compile.current_names(jsonb)'::regprocedure;
