-- Verify qryvanta:publish/execute on pg

select 'publish.become(text, text)'::regprocedure;
select 'publish.run(compile.step, text)'::regprocedure;
select 'publish.execute(jsonb, jsonb, boolean, boolean)'::regprocedure;
