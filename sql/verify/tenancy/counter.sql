-- Verify qryvanta:tenancy/counter on pg

select 'tenancy.next_number(uuid, text)'::regprocedure;
select 'tenancy.numbered(text, bigint)'::regprocedure;
select * from tenancy.counter where false;
