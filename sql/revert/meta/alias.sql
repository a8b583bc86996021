-- Revert qryvanta:meta/alias from pg

begin;

drop function meta.remapped(jsonb, uuid);
drop function meta.with_ids(jsonb, jsonb);
drop function meta.key_alias(jsonb, jsonb, uuid [], uuid []);
drop function meta.named_alias(jsonb, uuid, jsonb);
drop function meta.element_path(text, text, text);
drop table meta.alias;

commit;
