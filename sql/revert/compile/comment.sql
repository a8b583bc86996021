-- Revert qryvanta:compile/comment from pg

begin;

drop function compile.comment_step(jsonb);

commit;
