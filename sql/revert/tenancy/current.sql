-- Revert qryvanta:tenancy/current from pg

begin;

drop function tenancy.shows_deleted();
drop function tenancy.current_user_id();
drop function tenancy.login_user_id();
drop function tenancy.required_id();
drop function tenancy.current_id();

commit;
