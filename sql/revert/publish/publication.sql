-- Revert qryvanta:publish/publication from pg

begin;

drop function publish.finish(uuid);
drop function publish.advance(text, text, integer);
drop function publish.end_step(uuid, text);
drop function publish.begin_step(uuid, compile.step);
drop function publish.prepare(uuid, compile.step []);
drop function publish.take_up(uuid);
drop function publish.forget_fill(jsonb);
drop function publish.open(uuid, text, boolean, uuid);
drop function publish.let_go(uuid);
drop function publish.hold(uuid);
drop function publish.lock_key(uuid);

commit;
