-- Verify qryvanta:compile/comment on pg

select 'compile.comment_step(jsonb)'::regprocedure;
