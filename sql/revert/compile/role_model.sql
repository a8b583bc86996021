-- Revert qryvanta:compile/role_model from pg

begin;

drop function compile.resolved(jsonb);
drop function compile.resolved_roles(jsonb, jsonb);
drop function compile.uniform_role(text, jsonb, boolean, jsonb);
drop function compile.resolved_role(jsonb, jsonb);
drop function compile.relation_grant(jsonb, jsonb);
drop function compile.resolved_grant(jsonb, jsonb);
drop function compile.sensitive_fields(jsonb, text);

commit;
