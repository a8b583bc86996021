-- Verify qryvanta:publish/progress on pg

select * from publish.progress where false;
