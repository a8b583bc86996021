-- Verify qryvanta:compile/grant on pg

select 'compile.grant_step(jsonb)'::regprocedure;
select 'compile.live_grant(jsonb)'::regprocedure;
select 'compile.grant_statement(text, text, text, text, text)'::regprocedure;
select 'compile.desired_grant(jsonb)'::regprocedure;
select 'compile.column_access(jsonb)'::regprocedure;
select 'compile.actual_grant(text, text [])'::regprocedure;
