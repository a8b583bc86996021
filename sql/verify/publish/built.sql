-- Verify qryvanta:publish/built on pg

select * from publish.built where false;
