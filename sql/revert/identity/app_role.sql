-- Revert qryvanta:identity/app_role from pg

begin;

drop function identity.drop_app_role(text);
drop function identity.grant_app_role(text, text);
drop function identity.create_app_role(text);

commit;
