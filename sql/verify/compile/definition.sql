-- Verify qryvanta:compile/definition on pg

select 'compile.comparison(jsonb, jsonb)'::regprocedure;
select 'compile.compared(jsonb)'::regprocedure;
select 'compile.definition_difference(jsonb)'::regprocedure;
select 'compile.found_difference(jsonb)'::regprocedure;
select 'compile.live_definition(jsonb)'::regprocedure;
select 'compile.definition_kind()'::regprocedure;
select 'compile.seen_definition(jsonb)'::regprocedure;
select 'compile.actual_definition(text, text [], text [])'::regprocedure;
select 'compile.actual_definition(text)'::regprocedure;
select 'compile.desired_definition(jsonb)'::regprocedure;
