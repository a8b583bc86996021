-- Verify qryvanta:storage/file on pg

select tenant_id, file_id, size, sha256, record_id from storage.file where false;
select tenant_id, file_id, place, content from storage.chunk where false;
