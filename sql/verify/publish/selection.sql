-- Verify qryvanta:publish/selection on pg

select 'publish.selection(jsonb, jsonb, text [])'::regprocedure;
select 'publish.entities(uuid, text [], text, boolean)'::regprocedure;
