-- Verify qryvanta:publish/drift_difference on pg

select 'publish.drift_object(text)'::regprocedure;
select 'publish.drift_steps(uuid)'::regprocedure;
select 'publish.drift_definition(text)'::regprocedure;
select 'publish.drift_words(text, text[], text, text, text, text)'::regprocedure;
select 'publish.drift_difference(uuid)'::regprocedure;
