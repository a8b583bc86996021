-- Verify qryvanta:meta/key on pg

select 'meta.known_keys(uuid)'::regprocedure, 'meta.key_path(jsonb, uuid, text)'::regprocedure;
