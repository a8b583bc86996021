-- Verify qryvanta:publish/definition on pg

select * from publish.definition where false;
