-- Verify qryvanta:publish/notice on pg

select version_id, path, kind, sentence from publish.notice where false;
