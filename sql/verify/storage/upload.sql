-- Verify qryvanta:storage/upload on pg

select 'storage.receive(text, text)'::regprocedure;
select 'storage.append(uuid, integer, bytea[])'::regprocedure;
select 'storage.finish(uuid, text, text)'::regprocedure;
select 'storage.discard(uuid)'::regprocedure;
