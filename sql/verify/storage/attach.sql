-- Verify qryvanta:storage/attach on pg

select 'storage.attach()'::regprocedure;
select 'storage.purge()'::regprocedure;
select 'storage.is_accepted(text, text[])'::regprocedure;
