-- Verify qryvanta:publish/history on pg

select 'publish.statement(uuid, integer, integer)'::regprocedure;
