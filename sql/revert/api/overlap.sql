-- Revert qryvanta:api/overlap from pg

begin;

drop function api.overlap(regclass, jsonb);
drop function api.overlap_question(oid);
drop function api.row_type(regclass);

commit;
