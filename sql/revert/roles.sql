-- Revert qryvanta:roles from pg
-- Roles stay: another database of the cluster may use them.

begin;

drop schema lint;
drop schema storage;
drop schema api;
drop schema queue;
drop schema audit;
drop schema publish;
drop schema compile;
drop schema meta;
drop schema identity;
drop schema tenancy;

alter default privileges for role qryvanta_owner grant execute on functions to public;
alter default privileges for role qryvanta_ddl grant execute on functions to public;

do $$
begin
    execute format('grant temporary on database %I to public', current_database());
    execute format('revoke create on database %I from qryvanta_owner', current_database());
    execute format('revoke temporary on database %I from qryvanta_worker', current_database());
end
$$;

commit;
