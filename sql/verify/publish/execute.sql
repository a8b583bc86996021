-- Verify qryvanta:publish/execute on pg

select 'publish.become(text, text)'::regprocedure;
select 'publish.remember_built(jsonb)'::regprocedure;
select 'publish.refresh_places(uuid)'::regprocedure;
select 'publish.remember_places(jsonb)'::regprocedure;
select 'publish.remember(jsonb)'::regprocedure;
select 'publish.execute(jsonb, jsonb, boolean, boolean)'::regprocedure;
