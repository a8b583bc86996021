-- Revert qryvanta:meta/key from pg

begin;

drop function meta.key_path(jsonb, uuid, text);
drop function meta.known_keys(uuid);

commit;
