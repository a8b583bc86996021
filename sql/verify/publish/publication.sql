-- Verify qryvanta:publish/publication on pg

select 'publish.lock_key(uuid)'::regprocedure;
select 'publish.hold(uuid)'::regprocedure;
select 'publish.let_go(uuid)'::regprocedure;
select 'publish.open(uuid, text, boolean, uuid)'::regprocedure;
select 'publish.forget_fill(jsonb)'::regprocedure;
select 'publish.take_up(uuid)'::regprocedure;
select 'publish.prepare(uuid, compile.step [])'::regprocedure;
select 'publish.begin_step(uuid, compile.step)'::regprocedure;
select 'publish.end_step(uuid, text)'::regprocedure;
select 'publish.advance(text, text, integer)'::regprocedure;
select 'publish.finish(uuid)'::regprocedure;
