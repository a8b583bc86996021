-- Verify qryvanta:api/model on pg

select 'api.published_version()'::regprocedure, 'api.published_model()'::regprocedure;
