-- Verify qryvanta:compile/column on pg

select 'compile.column_clause(text, text, boolean, text, text)'::regprocedure;
select 'compile.live_column(jsonb)'::regprocedure;
select 'compile.found_column(jsonb)'::regprocedure;
select 'compile.desired_column(jsonb)'::regprocedure;
select 'compile.part_of(jsonb, text, text)'::regprocedure;
select 'compile.target_part(jsonb, text)'::regprocedure;
select 'compile.draws_number(text)'::regprocedure;
select 'compile.default_of(text, text, uuid, text)'::regprocedure;
