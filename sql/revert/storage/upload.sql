-- Revert qryvanta:storage/upload from pg

begin;

drop function storage.discard(uuid);
drop function storage.finish(uuid, text, text);
drop function storage.append(uuid, integer, bytea[]);
drop function storage.receive(text, text);
drop function storage.required_tenant();

commit;
