-- Verify qryvanta:publish/remedy on pg

select * from publish.remedy where false;
