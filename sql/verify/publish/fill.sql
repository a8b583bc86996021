-- Verify qryvanta:publish/fill on pg

select * from publish.fill where false;
