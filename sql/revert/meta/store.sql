-- Revert qryvanta:meta/store from pg

begin;

drop function meta.store(jsonb, uuid);
drop function meta.store_roles(uuid, jsonb, jsonb);
drop function meta.store_rules(uuid, jsonb, jsonb);
drop function meta.store_keys(uuid, jsonb, text, boolean, jsonb);
drop function meta.store_targets(uuid, jsonb);
drop function meta.store_fields(uuid, jsonb, jsonb);
drop function meta.given_part(uuid, jsonb, text);
drop function meta.store_entities(uuid, jsonb, jsonb);
drop function meta.store_choice_lists(uuid, jsonb);
drop function meta.given_choice(uuid, jsonb);
drop function meta.store_app(jsonb, uuid);
drop function meta.known_ids(uuid, jsonb);

commit;
