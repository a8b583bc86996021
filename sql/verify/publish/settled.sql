-- Verify qryvanta:publish/settled on pg

select entity_id, table_id, asked, found, functions from publish.settled where false;
