-- Verify qryvanta:publish/abandon on pg

select 'publish.answer(uuid, text, text, text)'::regprocedure;
select 'publish.fail(uuid, text, text, text)'::regprocedure;
select 'publish.clear(uuid)'::regprocedure;
select 'publish.unbuild(uuid)'::regprocedure;
