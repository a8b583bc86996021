-- Verify qryvanta:storage/download on pg

select 'storage.described(uuid[])'::regprocedure;
select 'storage.content(uuid, integer, integer)'::regprocedure;
