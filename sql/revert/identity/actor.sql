-- Revert qryvanta:identity/actor from pg

begin;

drop function identity.principal(uuid, uuid, text []);
drop type identity.principal;
drop function identity.actors(uuid, text []);

commit;
