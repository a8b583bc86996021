-- Verify qryvanta:compile/delete_function on pg

select 'compile.unlink_function(jsonb)'::regprocedure;
select 'compile.restore_function(jsonb)'::regprocedure;
select 'compile.recycle_function(jsonb)'::regprocedure;
select 'compile.recycle_body(text, text, text, text)'::regprocedure;
select 'compile.trigger_function(text, text, text)'::regprocedure;
select 'compile.reference(jsonb)'::regprocedure;
