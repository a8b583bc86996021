-- Verify qryvanta:publish/remember on pg

select 'publish.remember_built(jsonb)'::regprocedure;
select 'publish.refresh_places(jsonb)'::regprocedure;
select 'publish.remember_places(jsonb)'::regprocedure;
select 'publish.remember(jsonb)'::regprocedure;
