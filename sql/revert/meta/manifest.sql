-- Revert qryvanta:meta/manifest from pg

begin;

drop function meta.manifest(uuid);
drop function meta.relations(uuid);
drop function meta.entities(uuid);
drop function meta.roles(uuid);
drop function meta.rules(uuid);
drop function meta.keys(uuid, boolean);
drop function meta.fields(uuid);
drop function meta.file_size(text);
drop function meta.bound(text, text);
drop function meta.choices(uuid);

commit;
